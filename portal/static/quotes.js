// Follows an instrument on its page; the words come with the page, the figures with the stream.

import { grouped, yuan } from "./values.js";

const TRADES_SHOWN = 20;
const AGAIN_MS = 5000; // after a refusal; a broken stream comes back by itself
const CHART_MS = 1000;
const SHANGHAI_MS = 8 * 3600 * 1000;

const place = document.querySelector("[data-stream]");
const words = JSON.parse(place.dataset.words);
const one = (name) => place.querySelector(`[data-${name}]`);
let known = place.dataset.after;
let drawing = null;

const price = (fen) => (fen === null ? "–" : yuan(fen));
const signed = (value) => (value > 0 ? "+" : "") + yuan(value);
const shanghai = (at) => new Date(at + SHANGHAI_MS).toISOString().slice(0, 19).replace("T", " ");
const limits = (told) => (told ? `${yuan(told.low_fen)} – ${yuan(told.high_fen)}` : "–");

function cell(text, kind = "td", name = "number") {
  const made = document.createElement(kind);
  made.textContent = text;
  made.className = name;
  return made;
}

function line(...cells) {
  const made = document.createElement("tr");
  made.append(...cells);
  return made;
}

/** The limits of the session's day, and once it is over those of the next. */
function bounds(told) {
  one("date").textContent = told.date ?? "";
  one("limits").textContent = limits(told.limits);
  one("next").hidden = told.next === null;
  one("limits-next").textContent = limits(told.next?.limits);
}

function ticker(told) {
  for (const field of place.querySelectorAll("[data-price]")) {
    const name = field.dataset.price;
    const still = name === "last_fen" && told.last_fen === null;
    field.textContent = price(still ? told.reference_fen : told[name]);
  }
  for (const field of place.querySelectorAll("[data-number]")) {
    field.textContent = grouped(told[field.dataset.number]);
  }
  const way = told.change_fen ? (told.change_fen > 0 ? "rise" : "fall") : "";
  one("way").className = `price ${way}`;
  one("change").textContent = told.change_fen === null
    ? "–" : `${signed(told.change_fen)} (${signed(told.change_bp)}%)`;
  bounds(told);
}

function status(told) {
  const open = told.open && told.state === "listed";
  one("standing").textContent = told.state === "listed"
    ? words[told.halted ? "halted" : told.open ? "open" : "closed"] : words[told.state];
  one("standing").className = open ? "state" : "state shut";
  if (told.session) {
    one("session").textContent = words.session_of
      .replace("{date}", told.session.date).replace("{number}", told.session.number);
  }
}

function asked(level) {
  const listings = document.createElement("td");
  listings.className = "code";
  for (const item of level.listings) {
    listings.append(cell(`${item.listing} × ${grouped(item.quantity)}`, "span", "listing"));
  }
  return line(cell(yuan(level.price_fen), "th"), cell(grouped(level.quantity)), listings);
}

function depth(told) {
  const empty = cell(words.no_listings, "td", "");
  empty.colSpan = 3;
  const counted = (level) => line(
    cell(yuan(level.price_fen), "th"), cell(grouped(level.quantity)), cell(grouped(level.count)));
  const asks = told.levels.length ? told.levels.map(asked) : told.asks.map(counted);
  one("asks").replaceChildren(...(asks.length ? asks : [line(empty)]));
  one("bids").replaceChildren(...told.bids.map(counted));
  one("bids-place").hidden = told.bids.length === 0;
}

function trade(told) {
  const rows = one("trades");
  rows.querySelector("[data-none]")?.remove();
  const made = line(
    cell(told.sequence), cell(shanghai(told.at), "td", "short"),
    cell(words.methods[told.method] ?? told.method, "td", "short"),
    cell(yuan(told.price_fen)), cell(grouped(told.quantity)));
  made.className = "fresh";
  rows.prepend(made);
  while (rows.children.length > TRADES_SHOWN) rows.lastElementChild.remove();
  drawing ??= setTimeout(draw, CHART_MS);
}

/** The chart is drawn by the server; after trades it is asked for again. */
async function draw() {
  drawing = null;
  try {
    const answer = await fetch(place.dataset.chart, { cache: "no-store" });
    if (!answer.ok) return;
    const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
    one("candles").replaceChildren(...drawn.body.childNodes);
  } catch {
    drawing = null; // the next trade asks again
  }
}

function say(text, on) {
  one("live").textContent = text;
  one("live").toggleAttribute("data-on", on);
}

function follow() {
  const source = new EventSource(`${place.dataset.stream}&after=${known}`);
  source.onopen = () => say(words.live, true);
  source.onerror = () => {
    say(words.live_lost, false);
    if (source.readyState === EventSource.CLOSED) setTimeout(follow, AGAIN_MS);
  };
  for (const [name, show] of Object.entries({ trade, depth, ticker, status })) {
    source.addEventListener(name, (event) => {
      known = event.lastEventId;
      const told = JSON.parse(event.data);
      show(told);
      place.dispatchEvent(new CustomEvent(name, { detail: told })); // for the order ticket
    });
  }
  addEventListener("pagehide", () => source.close(), { once: true });
}

say(words.live_waiting, false);
follow();
addEventListener("pageshow", (event) => { if (event.persisted) follow(); });
