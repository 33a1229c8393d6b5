// The trading page: its buttons, and forms that are checked as one types.

import { actsOnPage } from "./acts.js";
import { checking } from "./checking.js";
import { again } from "./stating.js";

actsOnPage((button) => button.replaceWith(again()));
for (const form of document.querySelectorAll("form[data-state]")) checking(form);
