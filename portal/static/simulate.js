// Sliders over a rule's figures: each change is asked of the server, and drawn as it comes.
//
// A slider moves in whole steps of 10^-places, so that what is asked is exactly what is shown.
// What is typed beside it is asked as typed, and stays where the server refuses it.

import { grouped, yuan } from "./values.js";

const AFTER_MS = 60;
const CLIFFS_MS = 700;
const WIDTH = 480, LINE = 24, LEFT = 168, RIGHT = 84;
const SVG = "http://www.w3.org/2000/svg";

const place = document.querySelector("[data-simulation]");
const words = JSON.parse(place.dataset.words);
const faults = JSON.parse(place.dataset.faults);
const names = JSON.parse(place.dataset.names);
const knobs = [...place.querySelectorAll("[data-knob]")];
const status = place.querySelector("[data-status]");
const address = place.dataset.simulation;
let asked = 0;
let waiting = null;
let later = null;

const money = (fen) => (fen === null ? "–" : yuan(fen));
const signed = (value, tell) => `${value > 0 ? "+" : ""}${tell(value)}`;

function textOf(knob) {
  const places = Number(knob.dataset.places);
  if (!places) return knob.value;
  const digits = knob.value.padStart(places + 1, "0");
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

const typed = (knob) => knob.parentElement.querySelector("[data-typed]");
const said = (knob) => typed(knob).value.trim();

function isMoved(knob) {
  const first = textOf({ value: knob.dataset.first, dataset: knob.dataset });
  return ![knob.dataset.text, first, ""].includes(said(knob));
}

const moved = () => knobs.filter(isMoved);
const setting = () => moved().map((knob) => `${knob.dataset.knob}:${said(knob)}`).join(",");

/** Put the slider where the typed figure lies, if it lies on it. */
function follow(knob) {
  const step = Number(said(knob)) * 10 ** Number(knob.dataset.places);
  const whole = Math.round(step);
  if (said(knob) && Math.abs(step - whole) < 1e-6 && whole >= 0 && whole <= Number(knob.max)) {
    knob.value = String(whole);
  }
}

/** Why a figure was refused, with its bounds and unit where it lies outside them. */
function refusal(told) {
  const { rule, parameter, least, most, unit } = told.params ?? {};
  const reason = `${words.refused}: ${faults[rule] ?? told.title ?? told.code}`;
  if (unit === undefined) return reason;
  const named = knobs.find((knob) => knob.dataset.knob === parameter)?.dataset.unit ?? unit;
  const range = { parameter, least, most: most || "∞", unit: named };
  return `${reason} · ${words.range.replace(/\{(\w+)\}/g, (_, name) => range[name])}`;
}

function mark(told) {
  const { field, parameter } = told?.params ?? {};
  for (const knob of knobs) {
    const wrong = [field, parameter].includes(knob.dataset.knob) || (field === "set" && isMoved(knob));
    if (told && wrong) typed(knob).setAttribute("aria-invalid", "true");
    else typed(knob).removeAttribute("aria-invalid");
  }
}

function made(name, attributes, text) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

function picture(lines) {
  const height = lines * LINE + 4;
  return made("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img" });
}

const short = (text) => (text.length > 22 ? `${text.slice(0, 21)}…` : text);
const labelled = (drawing, name, y) =>
  drawing.append(made("text", { x: LEFT - 8, y: y + 15, class: "end" }, short(name)));

/** Winners to the right of the middle, losers to the left. */
function who(shares, group) {
  const drawing = picture(shares.length);
  const room = WIDTH - LEFT - 8;
  const won = Math.max(1, ...shares.map((share) => share.winners));
  const lost = Math.max(0, ...shares.map((share) => share.losers));
  const scale = (room - 110) / (won + lost);
  const middle = LEFT + (lost ? 55 : 0) + lost * scale;
  drawing.append(made("line", { x1: middle, x2: middle, y1: 0, y2: shares.length * LINE, class: "axis" }));
  shares.forEach((share, at) => {
    const y = at * LINE;
    labelled(drawing, names[group][share.word] ?? share.word, y);
    const right = share.winners * scale, left = share.losers * scale;
    drawing.append(made("rect", { x: middle, y: y + 4, width: right, height: LINE - 8, class: "won" }));
    drawing.append(made("rect", { x: middle - left, y: y + 4, width: left, height: LINE - 8, class: "lost" }));
    if (share.winners) drawing.append(made("text", { x: middle + right + 4, y: y + 16 }, `+${grouped(share.winners)}`));
    if (share.losers) drawing.append(made("text", { x: middle - left - 4, y: y + 16, class: "end" }, `−${grouped(share.losers)}`));
  });
  return drawing;
}

/** What each costs: before in grey above, after in green below. */
function cost(shares, group) {
  const drawing = picture(shares.length);
  const most = Math.max(1, ...shares.flatMap((share) => [share.before.cost_fen, share.after.cost_fen]));
  const scale = (WIDTH - LEFT - RIGHT) / most;
  shares.forEach((share, at) => {
    const y = at * LINE;
    labelled(drawing, names[group][share.word] ?? share.word, y);
    const before = share.before.cost_fen * scale, after = share.after.cost_fen * scale;
    drawing.append(made("rect", { x: LEFT, y: y + 3, width: before, height: 7, class: "was" }));
    drawing.append(made("rect", { x: LEFT, y: y + 11, width: after, height: 9, class: "is" }));
    const whole = grouped(Math.round(share.after.cost_fen / 100));
    drawing.append(made("text", { x: LEFT + Math.max(before, after) + 4, y: y + 16 }, whole));
  });
  return drawing;
}

const CHARTS = { who, cost };

function total(name, before, after, change, tell = grouped) {
  const row = place.querySelector(`[data-total="${name}"]`);
  if (before !== undefined) row.querySelector("[data-before]").textContent = tell(before);
  row.querySelector("[data-after]").textContent = tell(after);
  row.querySelector("[data-change]").textContent = change;
}

/** Who is told neither yes nor no is no loser: how many, and why. */
function unanswered({ before, after }) {
  for (const row of place.querySelectorAll("[data-status-of]")) {
    const [was, is] = [before, after].map((counts) => counts[row.dataset.statusOf] ?? 0);
    row.hidden = !was && !is;
    row.querySelector("[data-before]").textContent = grouped(was);
    row.querySelector("[data-after]").textContent = grouped(is);
    row.querySelector("[data-change]").textContent = signed(is - was, grouped);
  }
}

function cells(row, values) {
  values.forEach((value, at) => { row.cells[at].textContent = value; });
}

function edges(found) {
  const body = place.querySelector("[data-thresholds]");
  const jumps = new Map((found.cliffs ?? []).map((cliff) => [cliff.name, cliff]));
  const rows = found.thresholds.after.map((edge) => {
    const name = `${edge.condition}: ${edge.expression}`;
    const cliff = jumps.get(name);
    const row = document.createElement("tr");
    const head = document.createElement("th");
    head.scope = "row";
    head.className = "code";
    head.textContent = name;
    row.append(head);
    const told = [edge.threshold ?? "–", grouped(edge.missed_closely), grouped(edge.met_closely),
      cliff ? yuan(cliff.mean_fen) : found.cliffs ? "–" : "…", cliff ? yuan(cliff.most_fen) : found.cliffs ? "–" : "…"];
    for (const text of told) {
      const cell = document.createElement("td");
      cell.className = "number";
      cell.textContent = text;
      row.append(cell);
    }
    return row;
  });
  if (rows.length) body.replaceChildren(...rows);
}

/** What a rule without a sum has in money. */
function figures({ before, after, figures: named }) {
  const of = (side, name) => side.figures.find((figure) => figure.name === name)?.fen ?? null;
  for (const { name, altered } of named) {
    const row = place.querySelector(`[data-figure="${CSS.escape(name)}"]`);
    const [old, now] = [of(before, name), of(after, name)];
    row.querySelector("[data-before]").textContent = money(old);
    row.querySelector("[data-after]").textContent = money(now);
    row.querySelector("[data-change]").textContent =
      old === null || now === null ? "" : signed(now - old, yuan);
    row.querySelector("[data-altered]").textContent = grouped(altered);
  }
}

/** Of a rule that grades how many have which grade. */
function grades({ grades: given }) {
  for (const { name, altered, ...sides } of given) {
    const row = place.querySelector(`[data-grade="${CSS.escape(name)}"]`);
    for (const side of ["before", "after"]) {
      const lines = Object.entries(sides[side]).map(([value, count]) => `${value}: ${grouped(count)}`);
      const cell = row.querySelector(`[data-${side}]`);
      cell.replaceChildren(...lines.flatMap((line, at) => (at ? [document.createElement("br"), line] : [line])));
    }
    row.querySelector("[data-altered]").textContent = grouped(altered);
  }
}

function draw(found) {
  const { before, after, near_misses: near } = found;
  total("beneficiaries", before.beneficiaries, after.beneficiaries,
    signed(after.beneficiaries - before.beneficiaries, grouped));
  if (place.querySelector('[data-total="cost"]')) {
    total("cost", before.cost_fen, after.cost_fen, signed(after.cost_fen - before.cost_fen, yuan), yuan);
  }
  figures(found);
  grades(found);
  unanswered(found.statuses);
  total("near", near.before, near.after, signed(near.after - near.before, grouped));
  const both = before.fen_per_tonne !== null && after.fen_per_tonne !== null;
  total("per_tonne", before.fen_per_tonne, after.fen_per_tonne,
    both ? signed(after.fen_per_tonne - before.fen_per_tonne, yuan) : "", money);
  const won = found.won_fen === null ? "–" : signed(found.won_fen, yuan);
  total("winners", undefined, found.winners, won);
  total("losers", undefined, found.losers, found.lost_fen === null ? "–" : yuan(-found.lost_fen));
  for (const section of place.querySelectorAll("[data-group]")) {
    const group = section.dataset.group;
    const shares = found.by[group];
    for (const chart of section.querySelectorAll("[data-chart]")) {
      chart.replaceChildren(CHARTS[chart.dataset.chart](shares, group));
    }
    const rows = new Map(Array.from(section.querySelectorAll("[data-word]"), (row) => [row.dataset.word, row]));
    for (const share of shares) {
      const row = rows.get(share.word);
      if (!row) continue;
      cells(row, [row.cells[0].textContent, grouped(share.enterprises), grouped(share.after.beneficiaries),
        money(share.before.cost_fen), money(share.after.cost_fen), grouped(share.winners),
        grouped(share.losers), grouped(share.near_misses_after)]);
    }
  }
  edges(found);
}

async function ask(cliffs) {
  const mine = ++asked;
  const query = new URLSearchParams({ lang: place.dataset.language, ...(cliffs ? { cliffs: "yes" } : {}) });
  const set = setting();
  if (set) query.set("set", set);
  status.textContent = words.working;
  try {
    const answer = await fetch(`${address}?${query}`, { headers: { Accept: "application/json" } });
    const told = await answer.json();
    if (mine !== asked) return; // a later change is under way
    if (answer.ok) draw(told);
    mark(answer.ok ? null : told);
    status.textContent = answer.ok ? words.ready : refusal(told);
    if (!answer.ok) return;
  } catch {
    if (mine === asked) status.textContent = words.unreachable;
    return;
  }
  const shared = new URLSearchParams(query);
  shared.set("cliffs", "yes");
  place.querySelector("[data-json]").href = `${address}?${shared}`;
  if (!cliffs) later = setTimeout(() => ask(true), CLIFFS_MS);
}

function soon() {
  clearTimeout(later);
  waiting ??= setTimeout(() => { waiting = null; ask(false); }, AFTER_MS);
}

function changed(knob) {
  knob.parentElement.toggleAttribute("data-moved", isMoved(knob));
  soon();
}

for (const knob of knobs) {
  knob.addEventListener("input", () => {
    typed(knob).value = textOf(knob);
    changed(knob);
  });
  typed(knob).addEventListener("input", () => {
    follow(knob);
    changed(knob);
  });
  knob.parentElement.toggleAttribute("data-moved", isMoved(knob));
}

place.querySelector("[data-reset]").addEventListener("click", () => {
  for (const knob of knobs) {
    knob.value = knob.dataset.first;
    typed(knob).value = knob.dataset.text;
    changed(knob);
  }
});

draw(JSON.parse(place.dataset.found));
if (moved().length && !status.textContent) soon(); // a browser keeps what a form held
