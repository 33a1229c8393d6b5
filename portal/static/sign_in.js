// The sign-in page: keys that this browser keeps, made or loaded here, and the session.

import { canSign, forgetKey, importKey, keptKey, keys, makeKey, provePossession } from "./keys.js";
import { signIn } from "./signing.js";
import { acting, place, submitting, tell, tellError, word } from "./telling.js";

const { ledger } = place.dataset;
const enter = document.getElementById("enter");
const chosen = enter.elements.key;

async function show(selected) {
  const kept = await keys();
  chosen.replaceChildren(...kept.map((key) => {
    const option = new Option(key.party ? `${key.party} · ${key.id}` : key.id, key.id);
    option.dataset.party = key.party;
    return option;
  }));
  if (selected) chosen.value = selected;
  fill();
  for (const button of enter.querySelectorAll("button")) button.disabled = kept.length === 0;
  if (kept.length === 0) chosen.append(new Option(word("no-keys"), ""));
}

function fill() {
  const party = chosen.selectedOptions[0]?.dataset.party;
  if (party) enter.elements.party.value = party;
}

async function load(event) {
  const [file] = event.target.files;
  if (!file) return;
  try {
    const key = await importKey(await file.text());
    await show(key.id);
    tell("good", `${word("loaded")} ${key.id}`);
  } finally {
    event.target.value = ""; // the file's name is nobody's business any longer
  }
}

async function make(filled) {
  const { key, pem } = await makeKey({ copy: filled.get("copy") !== null });
  const party = filled.get("party");
  const proof = await provePossession(key, { ledger, party, operator: filled.get("operator") });
  const made = document.getElementById("made");
  made.querySelector("pre").textContent = JSON.stringify({ key: key.id, ...proof }, null, 2);
  const copy = document.getElementById("copy");
  copy.hidden = pem === null;
  if (pem !== null) {
    copy.href = URL.createObjectURL(new Blob([pem], { type: "application/x-pem-file" }));
    copy.download = `${key.id}.pem`;
  }
  made.hidden = false;
  await show(key.id);
  enter.elements.party.value = party;
}

async function begin(filled) {
  await signIn(await keptKey(filled.get("key")), filled.get("party"), ledger);
  location.assign(`/desk?lang=${document.documentElement.lang.slice(0, 2)}`);
}

async function start() {
  const able = await canSign();
  if (able) await prepare();
  document.getElementById(able ? "able" : "unable").hidden = false;
}

async function prepare() {
  chosen.addEventListener("change", fill);
  submitting(enter, begin);
  submitting(document.getElementById("make"), make);
  document.getElementById("pem").addEventListener("change", acting([], load));
  const forget = document.getElementById("forget");
  forget.addEventListener("click", acting([forget], async () => {
    if (!chosen.value || !confirm(word("forget-sure"))) return;
    await forgetKey(chosen.value);
    await show();
  }));
  await show();
}

start().catch(tellError);
