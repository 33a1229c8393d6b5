// The page of an own order: reduced, replaced or cancelled, and shown as it is afterwards.

import { actsOnPage } from "./acts.js";
import { checking } from "./checking.js";

/** What nobody has typed over says what is so now. */
function renew(told) {
  for (const control of document.querySelectorAll("form[data-state] [data-is]")) {
    const { form, name, value, defaultValue } = control;
    if (value !== defaultValue && value !== "") continue;
    const fresh = told.querySelector(`form[data-state="${form.dataset.state}"] [name="${name}"]`);
    control.defaultValue = fresh?.value ?? "";
    control.value = control.defaultValue;
  }
}

async function refresh() {
  const answer = await fetch(location.href, { cache: "no-store" });
  if (!answer.ok) return; // what was done is told already
  const told = new DOMParser().parseFromString(await answer.text(), "text/html");
  const facts = told.querySelector("[data-facts]");
  document.querySelector("[data-facts]").replaceWith(facts);
  renew(told);
  document.querySelector("[data-changes]").hidden = facts.dataset.order !== "open";
}

actsOnPage(refresh);
for (const form of document.querySelectorAll("form[data-state]")) checking(form, { after: refresh });
