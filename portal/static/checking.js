// Forms that state something: checked by a rehearsal while one types, then signed and sent.
//
// A form names its type in `data-state`; `data-costs` is where the server reckons what it would
// cost, and `data-side` which side one is on, where no field says so.  `data-public` says that the
// type is public, so that its body bears no salt; with `data-beside` each broken rule stands beside
// the field that it is about, or that is said to be by `data-about`.

import { rehearsed } from "./rehearsing.js";
import { Refused, ask } from "./signing.js";
import { done, state } from "./stating.js";
import { submitting, tellError, word } from "./telling.js";
import { grouped, typed, yuan } from "./values.js";

const PAUSE_MS = 250;
const language = document.documentElement.lang.slice(0, 2);

function shown(name, value, params) {
  const money = name.endsWith("_fen") || (params.asset === "CNY" && ["have", "need"].includes(name));
  if (typeof value === "number") return money ? yuan(value) : grouped(value);
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/** A rule that would be broken, in words, with the figures that it names. */
export function faultLine(title, code, params) {
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

function withoutFaults(form) {
  for (const line of form.querySelectorAll("[data-fault]")) line.remove();
  for (const control of form.querySelectorAll("[aria-invalid]")) {
    control.removeAttribute("aria-invalid");
    control.removeAttribute("aria-describedby");
  }
}

/** Show a fault beside its field; false where the form has no such field on show. */
function beside(form, line, params) {
  const field = String(params.field ?? "").split("/").pop();
  const control = form.elements[field] ?? form.querySelector(`[data-about="${CSS.escape(field)}"]`);
  const label = control?.closest?.("label");
  if (!label || label.closest("[hidden]")) return false;
  const box = document.createElement("div");
  box.className = "verdict";
  box.dataset.fault = control.name;
  box.dataset.result = "bad";
  box.id = `fault-${form.dataset.state}-${control.name}`;
  box.append(line);
  box.setAttribute("aria-hidden", "true"); // it describes the field and is no part of its name
  label.append(box);
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", box.id);
  return true;
}

/** Broken rules where they belong; `faults` are `{title, code, params}` in the page's language. */
function showFaults(form, local, faults) {
  const left = faults
    .map(({ title, code, params }) => ({ line: faultLine(title, code, params), params }))
    .filter(({ line, params }) => form.dataset.beside === undefined || !beside(form, line, params))
    .map(({ line }) => line);
  const apart = left.length < faults.length ? [plain(word("beside"))] : [];
  judge(form, "bad", ...local, ...left, ...apart);
}

/** Ask for a second signer where the dated table asks for two people; true where that is new. */
function people(form, count) {
  const place = form.querySelector("[data-second]");
  const before = place.hidden;
  place.hidden = count < 2;
  place.querySelector("select").disabled = count < 2;
  return before && count > 1;
}

const sideOf = (form, values) => values.side ?? form.dataset.side;

/** Amount, fee and what is paid or got, by the server's own reckoning; null where none is asked. */
async function cost(form, values) {
  if (!form.dataset.costs) return null;
  const path = new URL(form.dataset.costs, location.origin);
  const chosen = form.elements.listing?.selectedOptions[0]?.dataset.fen;
  const price = values.price_fen ?? chosen ?? form.dataset.fen;
  if (price === undefined) return null; // the book will tell
  path.searchParams.set("price_fen", price);
  path.searchParams.set("quantity", values.quantity ?? form.dataset.quantity);
  if (values.instrument) path.searchParams.set("instrument", values.instrument);
  const told = await ask("GET", path.pathname + path.search);
  return sideOf(form, values) === "buy"
    ? { amount_fen: told.amount_fen, fee_fen: told.buyer_fee_fen, total_fen: told.buyer_pays_fen }
    : { amount_fen: told.amount_fen, fee_fen: told.seller_fee_fen, total_fen: told.seller_gets_fen };
}

function showCost(form, sums, side) {
  const place = form.querySelector("[data-cost]");
  if (!place) return;
  place.hidden = sums === null;
  if (sums === null) return;
  for (const field of place.querySelectorAll("[data-sum]")) {
    field.textContent = yuan(sums[field.dataset.sum]);
  }
  place.querySelector("[data-sum-name]").textContent = word(`total-${side}`);
}

/** Show what would come of it; `told` is a settled promise of the rehearsal. */
function verdict(form, told, local) {
  withoutFaults(form);
  if (told.status === "fulfilled") {
    const faults = told.value.faults.map((f) => ({ ...f, title: f.title[language] }));
    people(form, told.value.people);
    if (local.length + faults.length) showFaults(form, local, faults);
    else judge(form, "good", plain(word(told.value.people > 1 ? "fine-two" : "fine")));
  } else if (told.reason instanceof Refused && told.reason.status === 400) {
    showFaults(form, local, [told.reason]);
  } else {
    judge(form, null);
    tellError(told.reason);
  }
}

/**
 * Check a form as one types, and state it when it is sent.  `made` turns what is typed into the
 * body that is stated; `faults` gives lines about what the server must not be told; `before` runs
 * once it is to be sent, `after` once it is.  Gives a function that checks again.
 */
export function checking(form, hooks = {}) {
  const { made = (values) => values, faults = () => [], before, after = () => {} } = hooks;
  let asked = 0;
  let timer = null;
  let sending = false;
  let missed = false; // typed while it is being sent

  /** What is still under way judges something that is no longer asked. */
  function forget() {
    clearTimeout(timer);
    asked += 1;
  }

  async function check() {
    const mine = (asked += 1);
    const values = typed(form);
    if (values === null) {
      judge(form, null);
      showCost(form, null);
      return;
    }
    const local = faults(values);
    const [told, sums] = await Promise.allSettled([
      (async () => rehearsed(form.dataset.state, await made(values)))(),
      cost(form, values),
    ]);
    if (mine !== asked) return; // something else has been typed or sent meanwhile
    showCost(form, sums.status === "fulfilled" ? sums.value : null, sideOf(form, values));
    verdict(form, told, local);
  }

  function soon() {
    missed = sending;
    if (sending) return;
    clearTimeout(timer);
    timer = setTimeout(check, PAUSE_MS);
  }

  /** Whether all who must sign are known, for which the record is asked once more. */
  async function signersKnown(body) {
    const told = await rehearsed(form.dataset.state, body);
    if (!people(form, told.people)) return true;
    judge(form, "bad", plain(word("second-needed")));
    form.querySelector("[data-second] select").focus();
    return false;
  }

  async function submit() {
    const values = typed(form);
    if (values === null) {
      judge(form, "bad", plain(word("unreadable")));
      return;
    }
    const lines = faults(values);
    if (lines.length) {
      judge(form, "bad", ...lines);
      return;
    }
    const body = await made(values);
    if (!(await signersKnown(body))) return;
    const others = new FormData(form).getAll("other");
    await before?.(values, body);
    const confidential = form.dataset.public === undefined;
    done(await state(form.dataset.state, body, { others, confidential }));
    for (const control of form.querySelectorAll("[data-is]")) control.value = "";
    withoutFaults(form);
    judge(form, null);
    showCost(form, null);
    await after(values, body);
  }

  form.addEventListener("input", soon);
  submitting(form, async () => {
    forget();
    sending = true;
    missed = false;
    try {
      await submit();
    } finally {
      sending = false;
      if (missed) soon();
    }
  });
  return soon;
}
