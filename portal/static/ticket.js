// The order ticket on an instrument's page: what may be taken and what is one's own, kept fresh.

import { actsOnPage } from "./acts.js";
import { checking } from "./checking.js";
import { grouped, yuan } from "./values.js";

const FRESH_MS = 400;
const own = document.querySelector("[data-own]");
const listings = document.querySelector("[data-listings]");
const watching = document.querySelector("[data-stream]");
const forms = [...document.querySelectorAll("form[data-state]")];
let waiting = null;

const mine = () => new Set(Array.from(own.querySelectorAll("[data-listing]"), (row) => row.dataset.listing));

function option(level, item) {
  const text = `${yuan(level.price_fen)} × ${grouped(item.quantity)} · ${item.listing}`;
  const made = new Option(text, item.listing);
  made.dataset.fen = level.price_fen;
  return made;
}

/** Offer what stands in the book and is not one's own; a choice that still stands is kept. */
function offer(book) {
  if (!listings) return; // a venue without them
  const before = listings.value;
  const ours = mine();
  const options = book.levels.flatMap((level) => level.listings
    .filter((item) => !ours.has(item.listing)).map((item) => option(level, item)));
  listings.replaceChildren(...options);
  if (options.some((made) => made.value === before)) listings.value = before;
}

/** What is one's own is told by the server, as the page was. */
async function refresh() {
  waiting = null;
  try {
    const answer = await fetch(own.dataset.own, { cache: "no-store" });
    if (!answer.ok) return;
    const told = new DOMParser().parseFromString(await answer.text(), "text/html");
    own.replaceChildren(...told.body.childNodes);
  } catch {
    return; // the next event asks again
  }
  const ours = mine();
  for (const made of [...(listings?.options ?? [])]) if (ours.has(made.value)) made.remove();
}

function soon() {
  waiting ??= setTimeout(refresh, FRESH_MS);
}

const again = forms.map((form) => checking(form, { after: soon }));
actsOnPage(soon);
watching.addEventListener("depth", ({ detail }) => {
  offer(detail);
  soon();
  for (const check of again) check();
});
watching.addEventListener("status", () => again.forEach((check) => check()));
document.querySelector("[data-asks]").addEventListener("click", (event) => {
  const name = event.target.closest(".listing")?.textContent.split(" ")[0];
  if (!name || !listings || ![...listings.options].some((made) => made.value === name)) return;
  listings.value = name;
  listings.form.elements.quantity.focus();
  for (const check of again) check();
});
