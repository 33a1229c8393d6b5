"""Decisions of the parties room: genesis, admission, standing, keys, parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from ledger.parties.acts import note
from ledger.parties.agreements import enter_agreement
from ledger.parties.approvals import enter_approval
from ledger.parties.codes import claim_uscc
from ledger.parties.conditions import check_condition, check_evidence
from ledger.parties.four_eyes import check_threshold
from ledger.parties.models import KEY, LEDGER, PARAMETER, PARTY, PERSON
from ledger.parties.operators import check_sides, take_seat
from ledger.parties.region_handlers import check_region, set_region
from ledger.parties.rotation import first_key
from ledger.statements.ed25519 import check_public_key, key_id, verify
from ledger.writer.context import Context
from ledger.writer.errors import NotKnown, Refusal
from ledger.writer.versions import AUTHORITIES_APART, KEYS_PLACED

Body = Mapping[str, Any]
STAFF_ROLES = frozenset({"regulator", "finance", "registrar", "exchange", "verifier", "operator"})
"""Their staff may not trade (Measures of 2023, Order 31, Art. 37; DOMAIN.md §8.0 rule 3)."""

AUTHORITIES = frozenset({"regulator", "finance", "registrar", "exchange", "mirror"})
"""Offices: those who hold one are named in the genesis, or admitted by the regulator."""


def possession(origin: str, party: str, operator: str, public: str) -> bytes:
    """The bytes that a new key signs to prove that its holder has it."""
    return f"qingzhang/key/v1\n{origin}\n{party}\n{operator}\n{public}".encode()


def genesis(context: Context, body: Body) -> None:
    """Entry 0; refused anywhere else."""
    if context.index != 0:
        raise Refusal("genesis-only-once")
    if body["engine"] > context.engine.supported:
        raise NotKnown("engine-unknown", supported=context.engine.supported)
    operator = bytes.fromhex(body["operator_key"])
    if [s.key for s in context.signers] != [key_id(operator)]:
        raise Refusal("genesis-signer-differs")
    scheduler = bytes.fromhex(body["scheduler_key"])
    first_key(context, body["origin"], body["log_key"])
    context.put(
        LEDGER,
        {
            "origin": body["origin"],
            "log_key": body["log_key"],
            "scheduler_key": key_id(scheduler),
            "engine": body["engine"],
        },
    )
    for name, public in (("operator", operator), ("scheduler", scheduler)):
        _party(context, {"party": name, "name": name, "roles": [name]})
        _key(context, name, {"operator": name, "person": name, "public": public.hex()})
    for region in body["regions"]:
        set_region(context, region)
    for authority in body["authorities"]:
        _admit(context, body["origin"], authority)
    for parameter in body["parameters"]:
        set_parameter(context, parameter)
    context.emit("ledger-began", origin=body["origin"])


def admit(context: Context, body: Body) -> None:
    """Admit a party; its unified social credit code must be valid and new.

    Who rehearses an admission hears of everything that its papers break at once.  Raises Refusal
    ``authority-by-regulator`` for an office: whoever keeps the register makes none.
    """
    offices = sorted(AUTHORITIES & set(body["roles"]))
    if offices and context.engine_version >= AUTHORITIES_APART:
        context.fault("authority-by-regulator", field="roles", roles=offices)
    _admit(context, context.origin, body)


def admit_authority(context: Context, body: Body) -> None:
    """Admit who holds an office.

    Raises Refusal ``admission-by-registrar`` for anybody else, ``region-missing`` for a bureau.
    """
    others = sorted(set(body["roles"]) - AUTHORITIES)
    if others:
        context.fault("admission-by-registrar", field="roles", roles=others)
    if "finance" in body["roles"] and "region" not in body:
        context.fault("region-missing", field="region")  # a bureau judges and pays in its own
    _admit(context, context.origin, body)


def register_key(context: Context, body: Body) -> None:
    """Add a key of the author's own party."""
    key = enter_key(context, context.origin, context.party, body["key"])
    note(context, context.party, operator=body["key"]["operator"], key=key)


def revoke_key(context: Context, body: Body) -> None:
    """End a key of the author's own party from this index on."""
    row = context.need(KEY, body["key"])
    if row["party"] != context.party:
        raise Refusal("signing-key-unknown", key=body["key"])
    if row["until"] is not None:
        raise Refusal("key-already-revoked", key=body["key"], index=row["until"])
    context.put(KEY, {**row, "until": context.index})
    note(context, context.party, operator=row["operator"], key=body["key"])


def set_parameter(context: Context, body: Body) -> None:
    """State a dated value; one value per code and date, in the form that its room asks for."""
    if context.get(PARAMETER, body["code"], body["valid_from"]) is not None:
        raise Refusal("parameter-stated", parameter=body["code"], valid_from=body["valid_from"])
    check_threshold(context, body["code"], body["value"])
    check_condition(body["code"], body["value"])
    names = ("code", "valid_from", "value", "unit", "source", "confidence")
    context.put(PARAMETER, {**{n: body[n] for n in names}, "index": context.index})
    context.emit("parameter-set", code=body["code"], value=body["value"])


def activate_engine(context: Context, body: Body) -> None:
    """Raise the engine version by one: from the next entry on its types and handlers hold.

    Raises Refusal ``engine-not-next``, and NotKnown ``engine-unknown`` for a version that this
    software does not have.
    """
    if body["version"] > context.engine.supported:
        raise NotKnown("engine-unknown", supported=context.engine.supported)
    row = context.need(LEDGER, context.origin)
    if body["version"] != row["engine"] + 1:
        raise Refusal("engine-not-next", field="version", active=row["engine"])
    context.put(LEDGER, {**row, "engine": body["version"]})


def _admit(context: Context, origin: str, body: Body) -> None:
    if context.get(PARTY, body["party"]) is not None:
        raise Refusal("party-exists", party=body["party"])  # what follows would be of that party
    if "region" in body:
        check_region(context, body["region"])
    roles = body["roles"]
    if len(set(roles)) > 1 and STAFF_ROLES & set(roles):
        context.fault("roles-apart", field="roles", roles=sorted(set(roles)))
    if "uscc" in body:
        claim_uscc(context, body["uscc"], body["party"])
    elif "enterprise" in roles or "verifier" in roles:
        context.fault("uscc-missing", field="uscc")
    _party(context, body)
    told = context.engine_version >= KEYS_PLACED
    for number, entry in enumerate(body["keys"]):
        enter = partial(enter_key, context, origin, body["party"], entry)
        if told:
            context.within(f"keys/{number}", enter)
        else:
            enter()
    check_sides(context, body["party"])
    check_evidence(context, roles, body.get("attachments", ()))
    enter_agreement(context, body["party"], roles, body.get("agreement"))
    if "approval" in body:
        enter_approval(context, context.need(PARTY, body["party"]), body["approval"])
    note(context, body["party"], body.get("agreement", {}).get("document"))


def _party(context: Context, body: Body) -> None:
    names = ("name_en", "uscc", "region")
    context.put(
        PARTY,
        {
            "party": body["party"],
            "name": body["name"],
            **{name: body.get(name) for name in names},
            "roles": _roles(context, body["roles"]),
            "status": "active",
            "index": context.index,
        },
    )


def _roles(context: Context, stated: Sequence[str]) -> list[str]:
    """Roles in order, each once."""
    once = context.engine_version >= KEYS_PLACED
    return sorted(set(stated) if once else stated)


def enter_key(context: Context, origin: str, party: str, entry: Body) -> str:
    """Put a key on record that its holder has proved; gives its id.

    Raises Refusal ``key-unsafe``, ``key-not-proved``, ``key-registered``, and what seating its
    operator raises.
    """
    public = bytes.fromhex(entry["public"])
    try:
        check_public_key(public)
    except ValueError:
        context.fault("key-unsafe", field="public")
    message = possession(origin, party, entry["operator"], entry["public"])
    if not verify(public, message, bytes.fromhex(entry["proof"])):
        context.fault("key-not-proved", field="proof")
    take_seat(context, party, entry)
    _key(context, party, entry)
    return key_id(public)


def _key(context: Context, party: str, entry: Body) -> None:
    public = bytes.fromhex(entry["public"])
    if context.get(KEY, key_id(public)) is not None:
        context.fault("key-registered", field="public")
    row = context.need(PARTY, party)
    person = context.get(PERSON, entry["person"])
    staff = party if STAFF_ROLES & set(row["roles"]) else None
    if staff and person is not None and person["staff_of"] not in (None, staff):
        context.fault("staff-of-another", field="person", staff_of=person["staff_of"])
    if person is None or (staff and not person["staff_of"]):
        context.put(PERSON, {"person": entry["person"], "staff_of": staff})
    context.put(
        KEY,
        {
            "key": key_id(public),
            "party": party,
            "operator": entry["operator"],
            "person": entry["person"],
            "public": entry["public"],
            "since": context.index,
            "until": None,
        },
    )
