// What is typed into a form as values, and values as text: money in whole fen, without rounding.
//
// A control's `data-is` says how its text becomes a value: `fen` is yuan with at most two
// decimals, `whole` a whole number, `instant` a Shanghai date and time, stated in UTC, `list` words
// between commas or blanks; the others are texts.  Controls that are disabled say nothing.

const YUAN = /^(\d{1,12})(?:\.(\d{1,2}))?$/;
const WHOLE = /^\d{1,15}$/;
const LOCAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;
const BETWEEN = /[\s,，、;；]+/;

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
  if (is === "instant") return LOCAL.test(typed) ? new Date(`${typed}+08:00`).toISOString() : null;
  if (is === "list") {
    const words = text.split(BETWEEN).filter(Boolean);
    return words.length ? words : null;
  }
  return text.trim() || null;
}

/** The values of a form by name, or null while something is missing or cannot be read. */
export function typed(form) {
  const values = {};
  for (const control of form.elements) {
    if (!control.name || control.name === "other" || control.disabled) continue;
    const value = valueOf(control.value, control.dataset.is);
    if (value === null && (control.required || control.value.trim())) return null;
    if (value !== null) values[control.name] = value;
  }
  return values;
}
