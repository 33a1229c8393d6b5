// Stating something on a page: composed, signed and sent, and then told where it stands.

import { keptKey } from "./keys.js";
import { compose, send } from "./signing.js";
import { link, place, tell, word } from "./telling.js";

const { ledger, party, key: keyId } = place.dataset;

/** The statement's receipt, as the server gives it to whoever asks. */
function receipt(index) {
  const made = link(`/v1/entries/${index}/proof`, word("receipt"));
  made.search = "";
  return made;
}

/** Whose key it is, as a choice on the page has it. */
function named(key) {
  const choices = [...document.querySelectorAll("select[name=other] option")];
  return choices.find((choice) => choice.value === key)?.textContent ?? key;
}

/** Say where an answer stands: `{index}` on the record, or `{draft, others}` in the drafts box. */
export function done(answer, ...more) {
  if (answer.index === undefined) {
    const next = answer.others?.length
      ? [`${word("next-signer")} ${answer.others.map(named).join(", ")}`] : [];
    const look = link(`/desk/drafts/${answer.draft}`, word("draft"));
    tell("good", word("left"), ...next, look, ...more);
  } else {
    const entry = link(`/entries/${answer.index}`, String(answer.index));
    tell("good", word("entered"), entry, receipt(answer.index), ...more);
  }
}

/** What shows the page again as it is afterwards. */
export const again = () => link(location.pathname, word("again"));

/** Sign with the key of the session, and send or leave as a draft. */
export async function state(type, body, { others = [], ...more } = {}) {
  const key = await keptKey(keyId);
  const sent = await send(await compose({ ledger, type, party, body, others, ...more }, key));
  return { ...sent, others };
}
