// Sealed bids and reserves: committed to, judged and kept in this browser alone until revealed.

import { canonical, sha256, toHex } from "./verify.js";

const PURPOSE = "qingzhang/auction-bid/v1";
const RESERVE_PURPOSE = "qingzhang/auction-reserve/v1";
const KEPT = "qingzhang.bid.";
const KEPT_RESERVE = "qingzhang.reserve.";
const BID = ["auction", "price_fen", "quantity", "least", "secret"];

/** A new secret: 128 random bits in hex. */
export const newSecret = () => toHex(crypto.getRandomValues(new Uint8Array(16)));

async function digestOf(purpose, value) {
  return toHex(await sha256(new TextEncoder().encode(`${purpose}\n${canonical(value)}`)));
}

/** The digest by which the record knows a bid before it is shown. */
export async function commitment(bid) {
  const { auction, price_fen, quantity, least, secret } = bid;
  return digestOf(PURPOSE, { auction, price_fen, quantity, least, secret });
}

/** The digest by which an announcement seals its reserve. */
export async function reserveCommitment({ auction, reserve_fen, secret }) {
  return digestOf(RESERVE_PURPOSE, { auction, reserve_fen, secret });
}

/** Keep a reserve, `{auction, reserve_fen, secret}`, by its commitment. */
export async function keepReserve(ledger, reserve) {
  const made = await reserveCommitment(reserve);
  localStorage.setItem(`${KEPT_RESERVE}${ledger}.${made}`, JSON.stringify(reserve));
}

/** The reserve behind a commitment that this browser keeps, or null. */
export function keptReserve(ledger, made) {
  return JSON.parse(localStorage.getItem(`${KEPT_RESERVE}${ledger}.${made}`));
}

/** A link that saves a value as a file. */
export function savedAs(name, value, words) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(value)], { type: "application/json" }));
  link.download = name;
  link.textContent = words;
  return link;
}

/** The fee of the buyer, rounded up, so that a deposit of amount and fee is never too small. */
function feeUp(amount, { buyer_rate: rate, minimum_fen: minimum }) {
  const [over, under = "1"] = rate.split("/");
  if (BigInt(over) === 0n) return 0;
  const share = (BigInt(over) * BigInt(amount) + BigInt(under) - 1n) / BigInt(under);
  return Math.min(Math.max(Number(share), minimum), amount);
}

/** The least deposit that a bid needs: fen where one buys, units where one sells. */
export function depositFor(terms, { price_fen: price, quantity }) {
  if (terms.direction === "reverse") return quantity;
  const amount = price * quantity;
  return Math.max(amount + feeUp(amount, terms.fees), terms.forfeit_fen);
}

/** Whether a bid would not count, being worse than a reserve that everybody knows. */
function beyond({ direction, reserve_fen: reserve }, price) {
  if (reserve === null) return false;
  return direction === "reverse" ? price > reserve : price < reserve;
}

/** The announced rules that a bid would break once it is shown: `[code, params]` each. */
export function brokenBy(terms, bid) {
  const { price_fen: price, quantity, least = 0 } = bid;
  const largest = terms.bid_maximum ?? terms.quantity;
  const needed = depositFor(terms, bid);
  const deposit = terms.direction === "reverse" ? bid.deposit_quantity : bid.deposit_fen;
  const shown = terms.direction === "reverse" ? { need: needed } : { needed_fen: needed };
  return [
    [price % terms.tick_fen, "price-off-tick", { tick_fen: terms.tick_fen }],
    [price < terms.low_fen || price > terms.high_fen, "auction-price-limits",
      { low_fen: terms.low_fen, high_fen: terms.high_fen }],
    [beyond(terms, price), "price-beyond-reserve", { reserve_fen: terms.reserve_fen }],
    [quantity % terms.lot, "quantity-off-lot", { lot: terms.lot }],
    [quantity < terms.bid_minimum, "quantity-too-small", { from: terms.bid_minimum }],
    [quantity > largest, "bid-too-large", { largest }],
    [least > quantity || least % terms.lot, "bid-least", { lot: terms.lot }],
    [deposit < needed, "deposit-short", shown],
  ].filter(([broken]) => broken).map(([, code, params]) => [code, params]);
}

/** The bids of an auction on a ledger that this browser keeps, by their commitments. */
export function keptBids(ledger, auction) {
  const place = `${KEPT}${ledger}.${auction}.`;
  const names = Object.keys(localStorage).filter((name) => name.startsWith(place));
  return new Map(names.map((name) => [name.slice(place.length), JSON.parse(localStorage[name])]));
}

/** Keep a bid; gives its commitment. */
export async function keepBid(ledger, bid) {
  const made = await commitment(bid);
  localStorage.setItem(`${KEPT}${ledger}.${bid.auction}.${made}`, JSON.stringify(bid));
  return made;
}

/** The bid of a file that this page has written; throws Error `bid-file`. */
export function bidOf(text) {
  let told;
  try {
    told = JSON.parse(text);
  } catch {
    throw new Error("bid-file");
  }
  const whole = (value) => Number.isSafeInteger(value) && value >= 0;
  const good = told && typeof told.auction === "string" && /^[0-9a-f]{32}$/.test(told.secret)
    && whole(told.price_fen) && whole(told.quantity) && whole(told.least);
  if (!good) throw new Error("bid-file");
  return Object.fromEntries(BID.map((name) => [name, told[name]]));
}
