// Checks what the page shows, and says so on the page; the words come with the page.

import { grouped, yuan } from "./values.js";
import { able, verifyCertificate, verifyHeld, verifyReceipt } from "./verify.js";

const PINNED = "qingzhang.vkey";

async function got(path) {
  const answer = await fetch(path, { cache: "no-store" });
  if (!answer.ok) throw new Error("unreachable");
  return answer;
}

/** Whether this browser has seen another key for this log; the first one seen is remembered. */
function keyChanged(vkey) {
  try {
    const name = `${PINNED}.${vkey.split("+")[0]}`;
    const before = localStorage.getItem(name);
    if (before === null) localStorage.setItem(name, vkey);
    return before !== null && before !== vkey;
  } catch {
    return false; // a browser that keeps nothing compares nothing
  }
}

/** Whether the words of the certificate on the page are those of the proved row. */
function shown(row) {
  const words = {
    ...row,
    quantity: grouped(row.quantity),
    serials: row.blocks.map(([first, last]) => `${row.batch}-${first}-${last}`).join(""),
  };
  const places = [...document.querySelectorAll("[data-field]")];
  return places.length > 0 && places.every(
    (place) => place.textContent === words[place.dataset.field]);
}

/** Credits with thousands set apart, or fen as yuan, as the page writes them. */
function amount(units, asset) {
  return asset === "CNY" ? yuan(units) : grouped(units);
}

/** Whether the balances on the page are those of the proved rows, no more and no fewer. */
function balanced(rows) {
  const lines = [...document.querySelectorAll("[data-account]")];
  return lines.length === rows.length && rows.every((row) => {
    const line = lines.find(
      ({ dataset }) => dataset.account === row.account && dataset.asset === row.asset);
    const places = line ? [...line.querySelectorAll("[data-units]")] : [];
    return places.length > 0 && places.every(
      (place) => place.textContent === amount(row[place.dataset.units], row.asset));
  });
}

async function check(place) {
  const { vkey, index, leaf, receipt, certificate, held } = place.dataset;
  if (!(await able())) return ["unable", []];
  let proved;
  if (certificate) {
    proved = await verifyCertificate(await (await got(certificate)).text(), vkey);
    if (!shown(proved.row)) throw new Error("page-differs");
  } else if (held) {
    proved = await verifyHeld(await (await got(held)).text(), vkey);
    const complete = document.querySelector("[data-complete]") !== null;
    if (complete && !proved.complete) throw new Error("confirmation-incomplete");
    if (!balanced(proved.held)) throw new Error("page-differs");
  } else {
    const bytes = new Uint8Array(await (await got(leaf)).arrayBuffer());
    proved = await verifyReceipt(bytes, await (await got(receipt)).text(), vkey);
  }
  if (String(proved.index) !== index) throw new Error("index-differs");
  return [keyChanged(vkey) ? "other-key" : "good", [proved.index, proved.size]];
}

function say(place, result, values, code) {
  const words = JSON.parse(place.dataset.words);
  let text = words[result];
  values.forEach((value, number) => { text = text.replace(`{${number}}`, value); });
  const line = document.createElement("p");
  line.textContent = code ? `${text} (${code})` : text;
  place.replaceChildren(line);
  place.dataset.result = result;
}

for (const place of document.querySelectorAll("[data-words]")) {
  check(place).then(
    ([result, values]) => say(place, result, values),
    (error) => {
      const lost = error instanceof TypeError || error.message === "unreachable";
      say(place, lost ? "unreachable" : "bad", [], error.message);
    },
  );
}
