// Buttons that state one thing of one name, such as the withdrawal of a listing.

import { done, state } from "./stating.js";
import { acting } from "./telling.js";

/** Let every `[data-act]` button of the page, also one that comes later, state its act. */
export function actsOnPage(after) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-act]");
    if (!button) return;
    const { act, field, value } = button.dataset;
    acting([button], async () => {
      done(await state(act, { [field]: value }));
      await after(button);
    })(event);
  });
}
