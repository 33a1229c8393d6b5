// Tells on the page what became of an act, in the words that came with the page.

import { KeyFault } from "./keys.js";
import { Refused, Unreachable } from "./signing.js";

export const place = document.getElementById("desk");
const words = JSON.parse(place.dataset.words);

/** One line at the page's own place; `more` are nodes that follow the words. */
export function tell(result, text, ...more) {
  const box = document.getElementById("said");
  const line = document.createElement("p");
  line.append(text, ...more.flatMap((node) => [" ", node]));
  box.replaceChildren(line);
  box.dataset.result = result;
  box.hidden = false;
  box.scrollIntoView({ block: "nearest" });
}

export function word(key) {
  return words[key] ?? key;
}

export function link(path, text) {
  const made = document.createElement("a");
  made.href = `${path}?lang=${document.documentElement.lang.slice(0, 2)}`;
  made.textContent = text;
  return made;
}

/** A refusal in the server's words, with its code and the field that it is about. */
function tellRefusal(problem) {
  const field = typeof problem.params?.field === "string" ? ` · ${problem.params.field}` : "";
  const more = problem.index === undefined
    ? [] : [link(`/entries/${problem.index}`, `${word("entry")} ${problem.index}`)];
  if (problem.status === 401) more.push(link("/sign-in", word("sign-in")));
  tell("bad", `${problem.title} (${problem.code}${field})`, ...more);
}

export function tellError(error) {
  if (error instanceof Refused) tellRefusal(error);
  else if (error instanceof Unreachable) tell("unreachable", word("unreachable"));
  else if (error instanceof KeyFault) tell("bad", word(error.message), link("/sign-in", word("sign-in")));
  else if (words[error.message]) tell("bad", `${words[error.message]} (${error.message})`);
  else tell("bad", `${word("failed")} (${error.message})`);
}

/** What follows an act that is on the record; if it fails, what was told of the act stands. */
export async function followed(act) {
  try {
    await act();
  } catch (error) {
    console.warn(error);
  }
}

/**
 * Run an act of the page once at a time; a second press while it runs does nothing.  A button that
 * was pressed loses the focus while it is disabled and has it back afterwards, unless the act has
 * led elsewhere: who works by keyboard goes on from there (WCAG 2.2, 2.4.3).
 */
export function acting(controls, act) {
  let running = false;
  return async (event) => {
    event.preventDefault();
    if (running) return;
    running = true;
    const pressed = controls.find((control) => control === document.activeElement);
    for (const control of controls) control.disabled = true;
    try {
      await act(event);
    } catch (error) {
      tellError(error);
    } finally {
      running = false;
      for (const control of controls) control.disabled = false;
      // A closed dialog keeps the focus until the page is next drawn.
      const held = document.activeElement;
      if (!held?.checkVisibility() || held === document.body) pressed?.focus({ preventScroll: true });
    }
  };
}

/** An act for a form: `act` gets what was filled in, read before anything is disabled. */
export function submitting(form, act) {
  const controls = [...form.querySelectorAll("button")];
  form.addEventListener("submit", acting(controls, () => act(new FormData(form))));
}
