// Statements, from words to the record: canonical JSON, the DSSE envelope, submission.
// For every page on which somebody signs; pages bring the words, this module has none.
//
//   const key = await keptKey(id);
//   const made = await compose({ ledger, type, version, party, body, confidential, others }, key);
//   const done = await send(made);      // {entered: true, index} or {entered: false, draft}
//
// What the server refuses is thrown as Refused, with the server's words for it.

import { remember, signBytes, toBase64 } from "./keys.js";
import { canonical, fromBase64, sha256, toHex } from "./verify.js";

const PAYLOAD_TYPE = "application/vnd.qingzhang.statement.v1+json";
const SIGN_IN = "qingzhang sign-in v1";
const LIFETIME_MS = 24 * 3600 * 1000;
const utf8 = new TextEncoder();

/** What the server did not accept: `title` in the page's language, `code`, `status`, `params`. */
export class Refused extends Error {
  constructor(problem) {
    super(problem.title);
    Object.assign(this, problem);
  }
}

/** Nobody answered; whether what was sent has arrived is not known. */
export class Unreachable extends Error {}

/** The JSON that the server answers; throws Refused with its problem, or Unreachable. */
export async function ask(method, path, value) {
  const place = new URL(path, location.origin);
  place.searchParams.set("lang", document.documentElement.lang.slice(0, 2));
  const sent = { method, cache: "no-store" };
  if (value !== undefined) {
    sent.headers = { "Content-Type": "application/json" };
    sent.body = typeof value === "string" ? value : JSON.stringify(value);
  }
  let answer;
  try {
    answer = await fetch(place, sent);
  } catch {
    throw new Unreachable();
  }
  let told;
  try {
    told = await answer.json();
  } catch {
    throw new Unreachable(); // something between us and the server spoke
  }
  if (!answer.ok) throw new Refused(told);
  return told;
}

/** DSSE's pre-authentication encoding: the bytes that are signed. */
export function pae(payload) {
  const head = `DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `;
  const whole = new Uint8Array(head.length + payload.length);
  whole.set(utf8.encode(head));
  whole.set(payload, head.length);
  return whole;
}

export function uuid7(now = Date.now(), random = crypto.getRandomValues(new Uint8Array(10))) {
  const bytes = Uint8Array.from(random);
  bytes[0] = (bytes[0] & 0x0f) | 0x70;
  bytes[2] = (bytes[2] & 0x3f) | 0x80;
  const text = now.toString(16).padStart(12, "0") + toHex(bytes);
  return [[0, 8], [8, 12], [12, 16], [16, 20], [20, 32]].map((at) => text.slice(...at)).join("-");
}

async function digest(value) {
  return toHex(await sha256(utf8.encode(canonical(value))));
}

/**
 * A statement signed by `key`: `{envelope, body}`.  `others` are the ids of the keys that are to
 * sign after it.  A confidential body gets its salt here.  `expires_at` is a day from now.
 */
export async function compose(stated, key, now = Date.now()) {
  const { ledger, type, version = 1, party, confidential = true, others = [] } = stated;
  const body = { ...stated.body };
  if (confidential) body.salt ??= toHex(crypto.getRandomValues(new Uint8Array(16)));
  const payload = utf8.encode(canonical({
    ledger,
    id: uuid7(now),
    type,
    version,
    party,
    keys: [key.id, ...others],
    issued_at: new Date(now).toISOString(),
    expires_at: new Date(now + LIFETIME_MS).toISOString(),
    body_sha256: await digest(body),
  }));
  const signatures = [{ keyid: key.id, sig: await signBytes(key, pae(payload)) }];
  return { envelope: { payload: toBase64(payload), payloadType: PAYLOAD_TYPE, signatures }, body };
}

/** What a submission's author signed: its payload as a value, beside the exact bytes. */
export function payloadOf({ envelope }) {
  const bytes = fromBase64(envelope.payload);
  return { bytes, payload: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) };
}

/** A second signature under words that the signer was shown; throws Error `words-differ`. */
export async function cosign(submission, key, shown) {
  const { bytes, payload } = payloadOf(submission);
  const same = payload.type === shown.type && payload.party === shown.party;
  if (!same || payload.body_sha256 !== await digest(shown.body)) throw new Error("words-differ");
  return signBytes(key, pae(bytes));
}

/** Submit what has every signature, and leave what waits for others in the drafts box. */
export async function send(submission) {
  const { payload } = payloadOf(submission);
  if (payload.keys.length > submission.envelope.signatures.length) {
    const draft = await ask("POST", "/v1/drafts", canonical(submission));
    return { entered: false, draft: draft.id };
  }
  const answer = await ask("POST", "/v1/statements", canonical(submission));
  return { entered: true, index: answer.index };
}

/**
 * Begin a session with a cookie.  What is signed is put together here, with the address that this
 * page came from, so that no server can have a sign-in for another one signed.
 */
export async function signIn(key, party, ledger) {
  const asked = await ask("POST", "/v1/sessions/challenges", { party, key: key.id });
  const words = [SIGN_IN, ledger, location.origin, party, key.id, asked.challenge, asked.expires_at];
  const signature = await signBytes(key, utf8.encode(words.join("\n")));
  const answer = { party, key: key.id, challenge: asked.challenge, signature, cookie: true };
  const session = await ask("POST", "/v1/sessions", answer);
  await remember(key, party);
  return { party: session.party, key: session.key, expires_at: session.expires_at };
}

export async function signOut() {
  return ask("DELETE", "/v1/sessions");
}
