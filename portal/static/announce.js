// The page that announces an auction: each form of auction has terms of its own.

import { checking } from "./checking.js";
import { keepReserve, newSecret, reserveCommitment, savedAs } from "./sealing.js";
import { place, word } from "./telling.js";

const form = document.querySelector('form[data-state="auction.announce"]');

/** Show the terms that this form and way of auction have; the others are not stated. */
function arrange() {
  const { format, direction } = form.elements;
  const whether = form.querySelector("[data-reserve]");
  const seals = format.value === "sealed" && direction.value === "forward";
  whether.querySelector("option[value=secret]").disabled = !seals;
  whether.querySelector("option[value=none]").disabled = direction.value === "reverse";
  if (whether.selectedOptions[0].disabled) whether.value = "public"; // a ceiling is
  const chosen = [format.value, direction.value, whether.value];
  for (const label of form.querySelectorAll("[data-for]")) {
    const meant = label.dataset.for.split(" ").every((name) => chosen.includes(name));
    label.hidden = !meant;
    label.querySelector("input, select").disabled = !meant;
  }
  const lots = form.elements.tie.querySelector("option[value=random]");
  lots.disabled = !chosen.includes("sealed"); // drawn from secrets, which open bids have not
  if (lots.disabled && lots.selected) form.elements.tie.value = "time";
}

/** A reserve that is sealed stays here: the record gets its digest, and the server no more. */
function sealing() {
  const secret = newSecret();
  const reserve = ({ auction, sealed_fen }) => ({ auction, reserve_fen: sealed_fen, secret });

  async function made({ sealed_fen, ...values }) {
    if (sealed_fen === undefined) return values;
    const sealed = await reserveCommitment(reserve({ auction: values.auction, sealed_fen }));
    return { ...values, reserve_sha256: sealed };
  }

  async function before(values) {
    if (values.sealed_fen === undefined) return;
    const kept = reserve(values);
    await keepReserve(place.dataset.ledger, kept); // before anybody could ask for it
    const shown = document.querySelector("[data-kept-reserve]");
    shown.hidden = false;
    shown.querySelector("a")?.remove();
    shown.append(savedAs(`reserve-${values.auction}.json`, kept, word("save")));
  }

  return { made, before, after: () => form.remove() };
}

if (form) {
  arrange();
  form.addEventListener("change", arrange);
  checking(form, sealing());
}
