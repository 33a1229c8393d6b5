// Rehearsals: what the record would answer to a statement, and how many people must sign it.

import { Unreachable, ask } from "./signing.js";

/** The server's rehearsal of a body; throws Refused, or Error `not-sent` where nobody answers. */
export async function rehearsed(type, body) {
  try {
    return await ask("POST", `/v1/rehearsals/${type}`, body);
  } catch (error) {
    throw error instanceof Unreachable ? new Error("not-sent") : error;
  }
}
