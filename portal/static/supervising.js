// The supervisor's page: acts with a reason and a document, each rehearsed and signed by two.

import { checking } from "./checking.js";

for (const form of document.querySelectorAll("form[data-state]")) {
  checking(form, { after: () => form.reset() });
}

/** A button of a row opens the form of its act, filled with what the row is about. */
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-fill]");
  if (!button) return;
  const { fill, field, value } = button.dataset;
  const form = document.querySelector(`form[data-state="${fill}"]`);
  form.closest("details").open = true;
  form.elements[field].value = value;
  form.elements.reason.focus();
});
