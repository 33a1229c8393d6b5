// The auction room: bids open or sealed, what stands now, and the secrets that this browser keeps.

import { checking, faultLine } from "./checking.js";
import {
  bidOf, brokenBy, commitment, depositFor, keepBid, keptBids, keptReserve, newSecret, savedAs,
} from "./sealing.js";
import { acting, place, tell, tellError, word } from "./telling.js";
import { grouped, typed, yuan } from "./values.js";

const LOOK_MS = 3000;
const ENDED = ["cleared", "unsold", "lapsed", "cancelled", "stopped"];
const box = document.getElementById("room");
const live = box.querySelector("[data-room]");
const terms = JSON.parse(box.dataset.terms);
const { ledger } = place.dataset;
const { auction } = box.dataset;
const form = (type) => box.querySelector(`form[data-state="${type}"]`);
const phase = () => live.querySelector("[data-phase]").dataset.phase;

/** Show the form of the phase; what is one's own and still sealed can be revealed. */
function arrange() {
  for (const one of box.querySelectorAll("[data-on]")) {
    one.hidden = !one.dataset.on.split(" ").includes(phase());
  }
  showKept();
}

async function look() {
  try {
    const answer = await fetch(box.dataset.live, { cache: "no-store" });
    if (answer.ok) {
      const told = new DOMParser().parseFromString(await answer.text(), "text/html");
      live.replaceChildren(...told.body.childNodes);
      arrange();
    }
  } catch {
    return; // looked at again below
  } finally {
    if (!ENDED.includes(phase())) setTimeout(look, LOOK_MS);
  }
}

const sealed = () => new Set(
  Array.from(live.querySelectorAll('[data-bid][data-state="sealed"]'), (row) => row.dataset.bid));

function described(bid) {
  return `${yuan(bid.price_fen)} × ${grouped(bid.quantity)}`;
}

const fileOf = (made, bid) => savedAs(`bid-${auction}-${made.slice(0, 8)}.json`, bid, word("save"));

let listed = "";

function showKept() {
  const reveal = form("auction.reveal");
  if (!reveal) return;
  const kept = keptBids(ledger, auction);
  const waiting = sealed();
  const now = JSON.stringify([phase(), [...kept.keys()], [...waiting]]);
  if (now === listed) return; // a list that is used is not taken away
  listed = now;
  box.querySelector("[data-kept-place]").hidden = kept.size === 0;
  box.querySelector("[data-kept]").replaceChildren(...Array.from(kept, ([made, bid]) => {
    const line = document.createElement("li");
    line.append(`${described(bid)} · ${made.slice(0, 16)}… `, fileOf(made, bid));
    return line;
  }));
  const ready = [...kept].filter(([made]) => waiting.has(made));
  reveal.elements.entry.replaceChildren(
    ...ready.map(([made, bid]) => new Option(`${described(bid)} · ${made.slice(0, 16)}…`, made)));
  if (phase() === "revealing") checkReveal();
}

/** A commitment: the server gets the digest and the deposit; price and quantity stay here. */
function committing(commit) {
  let secret = newSecret();
  const bid = ({ price_fen, quantity, least = 0 }) => ({ auction, price_fen, quantity, least, secret });
  const name = terms.direction === "reverse" ? "deposit_quantity" : "deposit_fen";
  const deposit = commit.elements[name];
  let chosen = false;
  deposit.addEventListener("input", () => { chosen = deposit.value.trim() !== ""; });
  commit.addEventListener("input", () => {
    if (chosen) return;
    deposit.value = "";
    deposit.required = false;
    const values = typed(commit);
    deposit.required = true;
    if (!values?.price_fen || !values.quantity) return;
    const needed = depositFor(terms, values);
    deposit.value = name === "deposit_fen" ? yuan(needed) : grouped(needed);
  });
  checking(commit, {
    made: async (values) => (
      { auction, commitment: await commitment(bid(values)), [name]: values[name] }),
    faults: (values) => brokenBy(terms, values)
      .map(([code, params]) => faultLine(terms.faults[code], code, params)),
    before: (values) => keepBid(ledger, bid(values)), // before anybody could ask for it
    after: async () => {
      secret = newSecret();
      chosen = false;
      listed = "";
      await look();
    },
  });
}

let checkReveal = () => {};

async function load(event) {
  const [file] = event.target.files;
  if (!file) return;
  try {
    const bid = bidOf(await file.text());
    if (bid.auction !== auction) throw new Error("bid-file");
    await keepBid(ledger, bid);
    listed = "";
    arrange();
    tell("good", word("loaded-bid"));
  } finally {
    event.target.value = "";
  }
}

const offer = form("auction.offer");
if (offer) checking(offer, { after: () => location.reload() })();
const unseal = form("auction.unseal");
if (unseal) {
  const kept = keptReserve(ledger, unseal.dataset.sealed);
  if (kept) {
    unseal.elements.reserve_fen.value = yuan(kept.reserve_fen);
    unseal.elements.secret.value = kept.secret;
  }
  checking(unseal, { after: look });
}
const cancel = form("auction.cancel");
if (cancel) checking(cancel, { after: look });
const open = form("auction.bid");
if (open) checking(open, { after: look });
const commit = form("auction.commit");
if (commit) {
  committing(commit);
  checkReveal = checking(form("auction.reveal"), {
    made: ({ entry }) => {
      const kept = keptBids(ledger, auction).get(entry);
      if (!kept) throw new Error("bid-not-here"); // another tab may have let it go
      const { least, ...bid } = kept;
      return least ? { ...bid, least } : bid;
    },
    after: look,
  });
  box.querySelector("[data-load] input").addEventListener("change", acting([], load));
}
try {
  arrange();
} catch (error) {
  tellError(error);
}
if (!ENDED.includes(phase())) setTimeout(look, LOOK_MS);
