// Buttons that state one thing of one name, such as the withdrawal of a listing.

import { rehearsed } from "./rehearsing.js";
import { done, state } from "./stating.js";
import { acting, tell } from "./telling.js";

const language = document.documentElement.lang.slice(0, 2);

/** The key that is to sign second, chosen in the page's dialog; null where that was closed. */
function second() {
  const box = document.querySelector("dialog[data-cosigner]");
  return new Promise((resolve) => {
    box.returnValue = "";
    box.addEventListener("close", () => {
      resolve(box.returnValue ? box.querySelector("select").value : null);
    }, { once: true });
    box.showModal();
  });
}

/**
 * State one thing and say where it stands.  Where two people must sign, this one's signature goes
 * into the drafts box for the other.  False where nothing was stated, because the record would
 * refuse it or nobody was chosen.
 */
export async function stateOne(type, body, ...more) {
  const told = await rehearsed(type, body);
  if (told.faults.length) {
    tell("bad", told.faults.map(({ title, code }) => `${title[language]} (${code})`).join(" "));
    return false;
  }
  const others = told.people > 1 ? [await second()] : [];
  if (others.includes(null)) return false;
  done(await state(type, body, { others }), ...more);
  return true;
}

/** Let every `[data-act]` button of the page, also one that comes later, state its act. */
export function actsOnPage(after) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-act]");
    if (!button) return;
    const { act, field, value, sure } = button.dataset;
    if (sure && !confirm(sure)) return;
    acting([button], async () => {
      if (await stateOne(act, field ? { [field]: value } : {})) await after(button);
    })(event);
  });
}
