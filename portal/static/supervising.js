// The supervisor's page: acts with a reason and a document, each rehearsed and signed by two.

import { checking } from "./checking.js";

// `data-body` holds what a form states besides what is typed.
for (const form of document.querySelectorAll("form[data-state]")) {
  const fixed = JSON.parse(form.dataset.body ?? "{}");
  const made = (values) => ({ ...fixed, ...values });
  const soon = checking(form, { made, after: () => form.reset() });
  if (!form.querySelector("[required]:not([name=other])")) soon(); // nothing is left to type
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
