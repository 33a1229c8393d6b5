// The page that announces an auction: each form of auction has terms of its own.

import { checking } from "./checking.js";

const form = document.querySelector('form[data-state="auction.announce"]');

/** Show the terms that this form and way of auction have; the others are not stated. */
function arrange() {
  const chosen = [form.elements.format.value, form.elements.direction.value];
  for (const label of form.querySelectorAll("[data-for]")) {
    const meant = label.dataset.for.split(" ").every((name) => chosen.includes(name));
    label.hidden = !meant;
    label.querySelector("input, select").disabled = !meant;
  }
  const lots = form.elements.tie.querySelector("option[value=random]");
  lots.disabled = !chosen.includes("sealed"); // drawn from secrets, which open bids have not
  if (lots.disabled && lots.selected) form.elements.tie.value = "time";
}

if (form) {
  arrange();
  form.addEventListener("change", arrange);
  checking(form, { after: () => form.remove() });
}
