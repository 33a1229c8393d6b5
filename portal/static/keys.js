// Keys that this browser keeps: Ed25519 by WebCrypto, stored so that no script can read them out.
// A key leaves the browser once at most: as the PEM file that its maker asked for.

import { fromBase64, sha256, toHex } from "./verify.js";

const DATABASE = "qingzhang";
const STORE = "keys";
const ED25519 = { name: "Ed25519" };
const PEM = /^-----BEGIN PRIVATE KEY-----\s+([A-Za-z0-9+/=\s]+?)\s+-----END PRIVATE KEY-----\s*$/;
const PEM_LINE = /.{1,64}/g;

/** Something that went wrong here and not at the server; the message is a code. */
export class KeyFault extends Error {}

export function toBase64(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** Whether this browser can make and use keys: a secure context with Ed25519. */
export async function canSign() {
  if (!globalThis.crypto?.subtle || !globalThis.indexedDB) return false;
  try {
    await crypto.subtle.generateKey(ED25519, false, ["sign", "verify"]);
  } catch {
    return false;
  }
  return true;
}

/** A key's id on the record: the first 32 hex digits of the SHA-256 of its public half. */
export async function keyId(publicBytes) {
  return toHex(await sha256(publicBytes)).slice(0, 32);
}

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(new KeyFault("store-closed"));
  });
}

async function stored(mode, work) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const turn = database.transaction(STORE, mode);
      const asked = work(turn.objectStore(STORE));
      turn.oncomplete = () => resolve(asked.result);
      turn.onabort = () => reject(new KeyFault("store-closed"));
    });
  } finally {
    database.close();
  }
}

/** The keys that are kept here: `{id, public (hex), private, party}`, party "" where unknown. */
export async function keys() {
  return stored("readonly", (store) => store.getAll());
}

/** The kept key of an id; throws KeyFault `key-not-here`. */
export async function keptKey(id) {
  const found = await stored("readonly", (store) => store.get(id));
  if (!found) throw new KeyFault("key-not-here");
  return found;
}

export async function forgetKey(id) {
  await stored("readwrite", (store) => store.delete(id));
}

/** Note whose key it is, so that nobody types it twice. */
export async function remember(key, party) {
  await stored("readwrite", (store) => store.put({ ...key, party }));
}

async function keep(pkcs8, publicBytes) {
  const closed = await crypto.subtle.importKey("pkcs8", pkcs8, ED25519, false, ["sign"]);
  const id = await keyId(publicBytes);
  const before = await stored("readonly", (store) => store.get(id));
  const key = { id, public: toHex(publicBytes), private: closed, party: before?.party ?? "" };
  await stored("readwrite", (store) => store.put(key));
  return key;
}

/** A new key, kept here; with `copy` also its PKCS#8 PEM, which is shown this once. */
export async function makeKey({ copy = false } = {}) {
  const pair = await crypto.subtle.generateKey(ED25519, true, ["sign", "verify"]);
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
  const publicBytes = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const key = await keep(pkcs8, publicBytes);
  const lines = toBase64(pkcs8).match(PEM_LINE).join("\n");
  const pem = `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`;
  return { key, pem: copy ? pem : null };
}

/** Keep the key of a PEM file such as `qingzhang key new` writes; throws KeyFault `key-file`. */
export async function importKey(pem) {
  const match = PEM.exec(pem.trim());
  if (!match) throw new KeyFault("key-file");
  try {
    const pkcs8 = fromBase64(match[1].replace(/\s/g, ""));
    const open = await crypto.subtle.importKey("pkcs8", pkcs8, ED25519, true, ["sign"]);
    const { x } = await crypto.subtle.exportKey("jwk", open);
    const publicBytes = fromBase64(`${x.replace(/-/g, "+").replace(/_/g, "/")}=`);
    return await keep(pkcs8, publicBytes);
  } catch (error) {
    if (error instanceof KeyFault) throw error;
    throw new KeyFault("key-file");
  }
}

/** The signature of bytes, in base64. */
export async function signBytes(key, bytes) {
  return toBase64(new Uint8Array(await crypto.subtle.sign(ED25519, key.private, bytes)));
}

/** What an admission or a registration asks of a new key: that its holder has it. */
export async function provePossession(key, { ledger, party, operator }) {
  const text = ["qingzhang/key/v1", ledger, party, operator, key.public].join("\n");
  const proof = toHex(fromBase64(await signBytes(key, new TextEncoder().encode(text))));
  return { operator, public: key.public, proof };
}
