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

/** Say where an answer stands: `{index}` on the record, or `{draft}` in the drafts box. */
export function done(answer, ...more) {
  if (answer.index === undefined) {
    tell("good", word("left"), link(`/desk/drafts/${answer.draft}`, word("draft")), ...more);
  } else {
    const entry = link(`/entries/${answer.index}`, String(answer.index));
    tell("good", word("entered"), entry, receipt(answer.index), ...more);
  }
}

/** What shows the page again as it is afterwards. */
export const again = () => link(location.pathname, word("again"));

/** Sign with the key of the session, and send or leave as a draft. */
export async function state(type, body, { version = 1, others = [] } = {}) {
  const key = await keptKey(keyId);
  return send(await compose({ ledger, type, version, party, body, others }, key));
}
