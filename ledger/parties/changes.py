"""Changes of what a party is called and who speaks for it, each by a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.parties.acts import note
from ledger.parties.codes import claim_uscc
from ledger.parties.models import PARTY, PERSON
from ledger.parties.parameters import business_date
from ledger.parties.people_models import AUTHORISED
from ledger.parties.region_handlers import check_region
from ledger.parties.standing import need_open
from ledger.writer.context import Context
from ledger.writer.errors import Refusal

Body = Mapping[str, Any]
NAMES = ("name", "name_en", "uscc", "region")


def change_party(context: Context, body: Body) -> None:
    """Change name, uniform code or region; a code that was left is nobody else's.

    Raises Refusal ``party-closed``, ``change-empty``, ``uscc-invalid``, ``uscc-registered`` or
    what a region refuses.
    """
    row = need_open(context, body["party"])
    new = {name: body[name] for name in NAMES if name in body and body[name] != row[name]}
    if not new:
        raise Refusal("change-empty", field="name", party=body["party"])
    if "region" in new:
        check_region(context, new["region"])
    if "uscc" in new:
        claim_uscc(context, new["uscc"], body["party"])
    context.put(PARTY, {**row, **new})
    before = {name: row[name] for name in sorted(new)}
    note(context, body["party"], body["document"], before=before, after=new)


def authorise(context: Context, body: Body) -> None:
    """授权代表变更: another person speaks for a party before the registrar.

    Raises Refusal ``party-closed``, ``authorised-later``, ``authorised-already``, or
    ``staff-may-not-trade`` where an enterprise would be spoken for by staff of an authority.
    """
    party = need_open(context, body["party"])
    if body["since"] > business_date(context.at):
        raise Refusal("authorised-later", field="since", date=body["since"])
    held = context.get(AUTHORISED, body["party"])
    if held is not None and held["person"] == body["person"]:
        raise Refusal("authorised-already", field="person", index=held["index"])
    person = context.get(PERSON, body["person"])
    if "enterprise" in party["roles"] and person is not None and person["staff_of"]:
        raise Refusal("staff-may-not-trade", field="person", staff_of=person["staff_of"])
    names = ("party", "person", "document", "since")
    context.put(AUTHORISED, {**{n: body[n] for n in names}, "index": context.index})
    note(context, body["party"], body["document"], since=body["since"])
