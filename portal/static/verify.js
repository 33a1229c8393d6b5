// Checks a receipt (https://c2sp.org/tlog-proof) in the browser: an entry's bytes, the proof that
// leads to a tree head, and the log's Ed25519 signature under that head.  Asks nobody anything.
// Every way of being wrong is an Error whose message is a code.

const HEADER = "c2sp.org/tlog-proof@v1";
const ED25519 = 1;
const PROOF_MAX = 63;
const utf8 = new TextEncoder();

class Wrong extends Error {}

function expect(good, code) {
  if (!good) throw new Wrong(code);
}

export function fromBase64(text) {
  let raw;
  try {
    raw = atob(text);
  } catch {
    throw new Wrong("base64");
  }
  expect(btoa(raw) === text, "base64"); // one text for each value
  return Uint8Array.from(raw, (character) => character.charCodeAt(0));
}

export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function equal(one, two) {
  return one.length === two.length && one.every((byte, place) => byte === two[place]);
}

export async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
}

function natural(text, code) {
  expect(/^(0|[1-9][0-9]{0,18})$/.test(text), code);
  const value = Number(text);
  expect(Number.isSafeInteger(value), code);
  return value;
}

/** Name, id and raw key of `name+id+base64(1 ‖ key)`, whose id must be its own. */
export async function parseVkey(text) {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim());
  expect(match, "vkey-malformed");
  const data = fromBase64(match[3]);
  expect(data.length === 33 && data[0] === ED25519, "vkey-algorithm");
  const id = (await sha256(utf8.encode(`${match[1]}\n`), data)).slice(0, 4);
  expect(toHex(id) === match[2], "vkey-id-differs");
  return { name: match[1], id, key: data.slice(1) };
}

export function parseReceipt(text) {
  const cut = text.indexOf("\n\n");
  expect(cut > 0, "receipt-header");
  const lines = text.slice(0, cut).split("\n");
  expect(lines.shift() === HEADER, "receipt-header");
  if (lines.length && lines[0].startsWith("extra ")) fromBase64(lines.shift().slice(6));
  expect(lines.length && lines[0].startsWith("index "), "receipt-index");
  const index = natural(lines.shift().slice(6), "receipt-index");
  expect(lines.length <= PROOF_MAX, "receipt-too-long");
  const proof = lines.map(fromBase64);
  expect(proof.every((step) => step.length === 32), "hash-size");
  return { index, proof, note: text.slice(cut + 2) };
}

/** The head that a note states, if the key signed it. */
export async function openCheckpoint(note, vkey) {
  const { name, id, key } = await parseVkey(vkey);
  const cut = note.lastIndexOf("\n\n");
  expect(cut >= 0 && note.endsWith("\n"), "note-malformed");
  const text = note.slice(0, cut + 1);
  const signatures = [];
  for (const line of note.slice(cut + 2, -1).split("\n")) {
    const match = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/.exec(line);
    expect(match, "signature-line-malformed");
    const data = fromBase64(match[2]);
    expect(data.length > 4, "signature-line-malformed");
    if (match[1] === name && equal(data.slice(0, 4), id)) signatures.push(data.slice(4));
  }
  expect(signatures.length > 0, "not-signed-by-trusted-key");
  expect(signatures.length === 1, "signature-twice");
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  } catch {
    throw new Wrong("ed25519-missing");
  }
  const good = await crypto.subtle.verify(
    { name: "Ed25519" }, imported, signatures[0], utf8.encode(text),
  );
  expect(good, "signature-invalid");
  const lines = text.split("\n");
  expect(lines.length === 4 && lines[0] === name, "checkpoint-malformed");
  const root = fromBase64(lines[2]);
  expect(root.length === 32, "checkpoint-malformed");
  return { origin: name, size: natural(lines[1], "checkpoint-malformed"), root };
}

/** Follows a proof from a leaf's hash to the root (RFC 9162, section 2.1.3.2). */
export async function verifyInclusion(index, size, leafHash, proof, root) {
  expect(index < size, "index-outside-tree");
  let node = BigInt(index);
  let last = BigInt(size) - 1n;
  let hash = leafHash;
  for (const step of proof) {
    expect(last > 0n, "proof-too-long");
    if (node & 1n || node === last) {
      hash = await sha256(Uint8Array.of(1), step, hash);
      while (!(node & 1n) && node > 0n) {
        node >>= 1n;
        last >>= 1n;
      }
    } else {
      hash = await sha256(Uint8Array.of(1), hash, step);
    }
    node >>= 1n;
    last >>= 1n;
  }
  expect(last === 0n, "proof-too-short");
  expect(equal(hash, root), "root-differs");
}

/** Whether this browser can check at all: a secure context with Ed25519. */
export async function able() {
  if (!globalThis.crypto?.subtle) return false;
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32), { name: "Ed25519" }, false, ["verify"]);
  } catch (error) {
    return error.name !== "NotSupportedError";
  }
  return true;
}

/** What a good receipt proves: index, size and root; `leaf` are the entry's exact bytes. */
export async function verifyReceipt(leaf, receipt, vkey) {
  const { index, proof, note } = parseReceipt(receipt);
  const head = await openCheckpoint(note, vkey);
  await verifyInclusion(index, head.size, await sha256(Uint8Array.of(0), leaf), proof, head.root);
  return { index, ...head };
}

/** Canonical JSON (RFC 8785) of a value without fractions. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

/** What the receipt proves, and the rows of the public outcome that the leaf commits to. */
async function verifyOutcome(held, vkey) {
  const proved = await verifyReceipt(utf8.encode(held.leaf), held.receipt, vkey);
  const digest = toHex(await sha256(utf8.encode(canonical(held.outcome))));
  expect(JSON.parse(held.leaf).outcome_sha256 === digest, "certificate-outcome-differs");
  return { proved, rows: held.outcome.public.changes.rows };
}

/** The row of a retirement, proved by its certificate: the outcome that the leaf commits to. */
export async function verifyCertificate(text, vkey) {
  const held = JSON.parse(text);
  expect(held.format === "qingzhang.retirement/v1", "certificate-malformed");
  const { proved, rows } = await verifyOutcome(held, vkey);
  const found = rows.find(([kind, row]) =>
    kind === "retirement" && row.retirement === held.retirement && row.index === proved.index);
  expect(found, "certificate-outcome");
  return { ...proved, row: found[1] };
}

/** The balances of a holding certificate or a confirmation, each proved under the root. */
export async function verifyHeld(text, vkey) {
  const held = JSON.parse(text);
  const several = held.format === "qingzhang.confirmation/v1";
  expect(several || held.format === "qingzhang.holding/v1", "certificate-malformed");
  const items = several ? held.items : [held];
  expect(items.length > 0, "certificate-malformed");
  const { proved, rows } = await verifyOutcome(held, vkey);
  const found = rows.find(([kind, row]) => kind === "commitment" && row.index === proved.index);
  expect(found, "certificate-outcome");
  const root = Uint8Array.from(found[1].root.match(/../g), (byte) => parseInt(byte, 16));
  // The row that counts a party's others stands before them, where the ledger commits to one.
  const first = items[0].row;
  const complete = several && first.account === `${held.party}/` && first.asset === "";
  for (const [place, { row, position, path }] of items.entries()) {
    expect(position === items[0].position + place, "confirmation-gap");
    expect(!several || row.account.startsWith(`${held.party}/`), "confirmation-party");
    const leaf = await sha256(Uint8Array.of(0), utf8.encode(canonical(row)));
    await verifyInclusion(position, found[1].rows, leaf, path.map(fromBase64), root);
  }
  const rowsHeld = items.slice(complete ? 1 : 0).map(({ row }) => row);
  expect(!complete || rowsHeld.length === first.available, "confirmation-short");
  return { ...proved, held: rowsHeld, complete };
}
