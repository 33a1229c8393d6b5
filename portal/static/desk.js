// The desk's acts: giving and taking back a consent, signing and rejecting drafts, signing out.

import { stateOne } from "./acts.js";
import { keptKey } from "./keys.js";
import { ask, cosign, signOut } from "./signing.js";
import { again, done, state } from "./stating.js";
import { acting, place, submitting, tell, word } from "./telling.js";

const { key: keyId } = place.dataset;

function each(selector, act) {
  for (const button of document.querySelectorAll(selector)) {
    button.addEventListener("click", acting([button], () => act(button)));
  }
}

for (const form of document.querySelectorAll('form[data-type="consent.give"]')) {
  submitting(form, async (filled) => {
    const body = {
      reader: filled.get("reader"),
      purpose: filled.get("purpose"),
      scope: filled.getAll("scope"),
      until: filled.get("until"),
    };
    const others = filled.getAll("other");
    const version = Number(form.dataset.version);
    done(await state("consent.give", body, { version, others }), again());
  });
}

each("[data-withdraw]", async (button) => {
  if (!confirm(word("withdraw-sure"))) return;
  const named = { consent: button.dataset.withdraw };
  if (await stateOne("consent.withdraw", named, again())) button.remove();
});

each("[data-cosign]", async (button) => {
  const id = button.dataset.cosign;
  const shown = document.getElementById("words");
  const draft = await ask("GET", `/v1/drafts/${id}`);
  const words = { ...shown.dataset, body: JSON.parse(shown.textContent) };
  const signature = await cosign(draft.submission, await keptKey(keyId), words);
  const answer = await ask("POST", `/v1/drafts/${id}/signatures`, { signature });
  done({ index: answer.index, draft: id }, again());
  button.remove();
});

for (const form of document.querySelectorAll("[data-reject]")) {
  submitting(form, async (filled) => {
    await ask("POST", `/v1/drafts/${form.dataset.reject}/rejection`, { reason: filled.get("reason") });
    tell("good", word("rejected"), again());
    form.remove();
  });
}

each("[data-take-back]", async (button) => {
  await ask("DELETE", `/v1/drafts/${button.dataset.takeBack}`);
  tell("good", word("taken-back"), again());
  button.remove();
});

each("[data-sign-out]", async () => {
  await signOut();
  location.assign(`/sign-in?lang=${document.documentElement.lang.slice(0, 2)}`);
});
