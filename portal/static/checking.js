// Forms that state something: checked by a rehearsal while one types, then signed and sent.
//
// A form names its type in `data-state`.  A control's `data-is` says how its text becomes a value:
// `fen` is yuan with at most two decimals, `whole` a whole number; the others are texts.

import { Refused, ask } from "./signing.js";
import { done, state } from "./stating.js";
import { submitting, tellError, word } from "./telling.js";

const PAUSE_MS = 250;
const YUAN = /^(\d{1,12})(?:\.(\d{1,2}))?$/;
const WHOLE = /^\d{1,15}$/;
const language = document.documentElement.lang.slice(0, 2);

export const grouped = (value) => value.toLocaleString("en-US");

/** Fen as yuan, exactly. */
export function yuan(fen) {
  const whole = Math.floor(Math.abs(fen) / 100);
  return `${fen < 0 ? "−" : ""}${grouped(whole)}.${String(Math.abs(fen) % 100).padStart(2, "0")}`;
}

/** What was typed as a value, or null where it is none yet. */
function valueOf(text, is) {
  const typed = text.trim().replaceAll(",", "");
  if (is === "fen") {
    const parts = YUAN.exec(typed);
    return parts ? Number(parts[1]) * 100 + Number((parts[2] ?? "").padEnd(2, "0")) : null;
  }
  if (is === "whole") return WHOLE.test(typed) ? Number(typed) : null;
  return typed || null;
}

/** The body that a form states, or null while something is missing. */
function bodyOf(form) {
  const body = {};
  for (const control of form.elements) {
    if (!control.name || control.name === "other") continue;
    const value = valueOf(control.value, control.dataset.is);
    if (value === null && control.required) return null;
    if (value !== null) body[control.name] = value;
  }
  return body;
}

function shown(name, value, params) {
  const money = name.endsWith("_fen") || (params.asset === "CNY" && ["have", "need"].includes(name));
  if (typeof value === "number") return money ? yuan(value) : grouped(value);
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/** A rule that would be broken, in words, with the figures that it names. */
function faultLine(title, code, params) {
  const named = Object.entries(params).filter(([name]) => word(`param-${name}`) !== `param-${name}`);
  const line = document.createElement("p");
  line.dataset.code = code;
  line.append(title);
  if (named.length) {
    const figures = document.createElement("span");
    figures.className = "second";
    figures.textContent = named
      .map(([name, value]) => `${word(`param-${name}`)} ${shown(name, value, params)}`).join(" · ");
    line.append(" ", figures);
  }
  return line;
}

function plain(text) {
  const line = document.createElement("p");
  line.textContent = text;
  return line;
}

function judge(form, result, ...lines) {
  const place = form.querySelector("[data-verdict]");
  if (result) place.dataset.result = result;
  else delete place.dataset.result;
  place.replaceChildren(...lines);
}

/** Ask for a second signer where the dated table asks for two people. */
function people(form, count) {
  const place = form.querySelector("[data-second]");
  place.hidden = count < 2;
  place.querySelector("select").disabled = count < 2;
}

/** Amount, fee and what is paid or got, by the server's own reckoning. */
async function cost(form, body) {
  const { side } = form.dataset;
  if (!side) return null;
  const price = body.price_fen ?? form.elements.listing?.selectedOptions[0]?.dataset.fen;
  const asked = new URLSearchParams({
    instrument: document.querySelector("[data-instrument]").dataset.instrument,
    price_fen: price,
    quantity: body.quantity,
  });
  const told = await ask("GET", `/v1/market/costs?${asked}`);
  return side === "buy"
    ? { amount_fen: told.amount_fen, fee_fen: told.buyer_fee_fen, total_fen: told.buyer_pays_fen }
    : { amount_fen: told.amount_fen, fee_fen: told.seller_fee_fen, total_fen: told.seller_gets_fen };
}

function showCost(form, sums) {
  const place = form.querySelector("[data-cost]");
  if (!place) return;
  place.hidden = sums === null;
  if (sums === null) return;
  for (const field of place.querySelectorAll("[data-sum]")) {
    field.textContent = yuan(sums[field.dataset.sum]);
  }
  place.querySelector("[data-sum-name]").textContent = word(`total-${form.dataset.side}`);
}

async function rehearse(form, body) {
  const answers = [ask("POST", `/v1/rehearsals/${form.dataset.state}`, body), cost(form, body)];
  const [told, sums] = await Promise.allSettled(answers);
  return { told, sums: sums.status === "fulfilled" ? sums.value : null };
}

/** Show what would come of it; `told` is a settled promise of the rehearsal. */
function verdict(form, told) {
  if (told.status === "fulfilled") {
    const { accepted, faults } = told.value;
    people(form, told.value.people);
    if (accepted) judge(form, "good", plain(word(told.value.people > 1 ? "fine-two" : "fine")));
    else judge(form, "bad", ...faults.map((f) => faultLine(f.title[language], f.code, f.params)));
  } else if (told.reason instanceof Refused && told.reason.status === 400) {
    const { title, code, params } = told.reason;
    judge(form, "bad", faultLine(title, code, params));
  } else {
    judge(form, null);
    tellError(told.reason);
  }
}

/**
 * Check a form as one types, and state it when it is sent.  `after` is told of what was stated.
 * Gives a function that checks again, for when the world has changed.
 */
export function checking(form, after = () => {}) {
  let asked = 0;
  let timer = null;

  async function check() {
    const mine = (asked += 1);
    const body = bodyOf(form);
    if (body === null) {
      judge(form, null);
      showCost(form, null);
      return;
    }
    const { told, sums } = await rehearse(form, body);
    if (mine !== asked) return; // something else has been typed meanwhile
    showCost(form, sums);
    verdict(form, told);
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(check, PAUSE_MS);
  }

  form.addEventListener("input", soon);
  submitting(form, async (filled) => {
    const body = bodyOf(form);
    if (body === null) {
      judge(form, "bad", plain(word("unreadable")));
      return;
    }
    done(await state(form.dataset.state, body, { others: filled.getAll("other") }));
    for (const control of form.querySelectorAll("[data-is]")) control.value = "";
    await check();
    after();
  });
  return soon;
}
