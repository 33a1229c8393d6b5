// The trading page: its buttons, and forms that are checked as one types.

import { actsOnPage } from "./acts.js";
import { checking } from "./checking.js";
import { again } from "./stating.js";

actsOnPage((button) => button.replaceWith(again()));
for (const form of document.querySelectorAll("form[data-state]")) {
  const ready = form.dataset.ready !== undefined; // nothing is left to be typed
  const check = checking(form, { after: () => ready && form.remove() });
  if (ready) check();
}
