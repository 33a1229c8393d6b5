"""JSON Schemas of what the API answers with; rows are described by their tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Boolean, Column, Integer, String

from incentives.grants.budget_models import BUDGET
from incentives.grants.models import GRANT_NOTICE
from incentives.models import RULE
from incentives.quotas.models import PLAN, SHARE
from ledger.credits.models import BATCH, RETIREMENT, SERIAL_LOCK
from ledger.credits.uses_models import SERIAL_USE
from ledger.facts.models import FACT, INDICATOR
from ledger.mirrors import models as mirrors
from ledger.parties.models import PARTY
from ledger.parties.people_models import ACT, AGREEMENT, APPROVAL, AUTHORISED, OPERATOR
from ledger.projects.models import PROJECT, REPORT
from ledger.projects.withdrawal_models import WITHDRAWAL
from ledger.restraints.models import DUTY, REMISSION
from ledger.statements.attachments import COUNT_MAX
from ledger.statements.envelope import PAYLOAD_TYPE
from ledger.statements.types import object_schema
from ledger.writer.kinds import Kind
from ledger.writer.tables import CanonicalJSON
from market.instruments.models import INSTRUMENT
from market.one_way.models import AUCTION, ENTRY
from market.sessions.models import DAY
from market.settlement.models import TRADE
from market.stops.models import HALT
from portal.ops.schemas import Answering, Asking, CoSigning, Rejection
from portal.proofs.previewing import Previewing

Shape = dict[str, Any]
HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
BASE64 = {"type": "string", "pattern": "^[A-Za-z0-9+/]+={0,2}$"}
COUNT = {"type": "integer", "minimum": 0}
TEXT = {"type": "string"}
FLAG = {"type": "boolean"}
LIST: Shape = {"type": "array"}
INSTANT = {"type": "string", "format": "date-time"}
DATE: Shape = {"type": "string", "format": "date"}
ANY: Shape = {"type": "object"}
NONE: Shape = {"type": "null"}
MAYBE: Shape = {"type": ["string", "null"]}
BOOK = (
    "One object a line: the first with `opening`, then every movement with `entry`, `at`, `type`,"
    " `asset`, `change` and what is held `after` it, the last with `closing`."
)
BOOK_TABLE = (
    "The lines of the book as a table with a head (RFC 4180), in UTF-8 with a byte order mark."
)
TABLE = "A table with a head (RFC 4180), in UTF-8 with a byte order mark; amounts in fen."
LINES = (
    "NDJSON: a JSON object a line, each a Submission where it is sent, and where it is answered an"
    " Answer or a Problem with its status, in the same order."
)
SENT = (Asking, Answering, CoSigning, Rejection, Previewing)
ROWS: dict[str, Kind] = {
    "parties": PARTY,
    "projects": PROJECT,
    "batches": BATCH,
    "retirements": RETIREMENT,
    "duties": DUTY,
    "locks": SERIAL_LOCK,
    "auctions": AUCTION,
    "auction_entries": ENTRY,
    "withdrawals": WITHDRAWAL,
    "halts": HALT,
    "reports": REPORT,
    "instruments": INSTRUMENT,
    "trades": TRADE,
    "days": DAY,
    "indicators": INDICATOR,
    "facts": FACT,
    "quotas": PLAN,
    "budgets": BUDGET,
    "grant_notices": GRANT_NOTICE,
    "uses": SERIAL_USE,
    "mirrors": mirrors.PROJECT,
    "mirror_transactions": mirrors.TRANSACTION,
    "mirror_batches": mirrors.BATCH,
    "mirror_blocks": mirrors.SPAN,
    "mirror_retirements": mirrors.END,
}
"""Collections and the rows that they hold."""
JSON_COLUMNS: dict[str, Shape] = {
    "roles": {"type": "array", "items": TEXT},
    "blocks": {
        "type": "array",
        "items": {"type": "array", "items": COUNT, "minItems": 2, "maxItems": 2},
        "description": "Contiguous serial numbers: the first and the last of each block.",
    },
    "kinds": LIST,
    "covers": LIST,
    "domains": LIST,
    "methodologies": LIST,
    "vintages": {"type": ["array", "null"], "items": ANY},
    "batches": {"type": ["array", "null"], "items": TEXT},
    "bidders": {"type": ["array", "null"], "items": TEXT},
    "fees": ANY,
}


def ref(name: str) -> Shape:
    """A reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def record(members: Mapping[str, Shape], optional: tuple[str, ...] = (), **more: Any) -> Shape:
    """An object whose members are all there, but for the optional ones."""
    required = sorted(set(members) - set(optional))
    return {"type": "object", "required": required, "properties": dict(members), **more}


def several(items: Mapping[str, Any]) -> Shape:
    """A list of things of one shape."""
    return {**LIST, "items": dict(items)}


def row(kind: Kind) -> Shape:
    """A row of a table."""
    members = {str(column.name): _column(column) for column in kind.table.columns}
    return record(members, additionalProperties=False)


def _column(column: Column[Any]) -> Shape:
    if isinstance(column.type, CanonicalJSON):
        return JSON_COLUMNS.get(str(column.name), {})
    if isinstance(column.type, Boolean):
        return FLAG
    if isinstance(column.type, Integer):
        shape: Shape = {"type": "integer"}
    else:
        shape = {"type": "string"}
        if isinstance(column.type, String) and column.type.length:
            shape["maxLength"] = column.type.length
    if column.nullable:
        shape["type"] = [shape["type"], "null"]
    return shape


def _owed() -> Shape:
    """A duty as the page of a batch tells it; ``owed`` and ``spent`` are of that batch."""
    counts = ("quantity", "discharged", "owed", "spent", "missing", "index")
    texts = ("duty", "party", "report", "deadline", "state", "document")
    told: Shape = {**dict.fromkeys(texts, TEXT), **dict.fromkeys(counts, COUNT)}
    return record({**told, "remissions": several(row(REMISSION))})


def page(name: str) -> Shape:
    """A page of a collection: ``next`` is the path of the following one, or null."""
    following = {"type": ["string", "null"]}
    return record({"items": {"type": "array", "items": ref(name)}, "next": following})


def schemas() -> dict[str, Shape]:
    """Every schema of an answer by its name in the document."""
    rows = {f"Row.{name}": row(kind) for name, kind in ROWS.items()}
    rows["Row.quotas"] = without(rows["Row.quotas"], "text")
    rows["Row.budgets"] = widened(rows["Row.budgets"], {"available_fen": {"type": "integer"}})
    pages = {f"Page.{name}": page(f"Row.{name}") for name in ROWS}
    return {
        **rows,
        **pages,
        "Owed": record({"batch": TEXT, "items": several(_owed())}),
        "Trace": {"oneOf": [ref("OwnTrace"), ref("MirrorTrace")]},
        "MirrorTrace": record(
            {
                "serial": TEXT,
                "mirror": {"const": True},
                "registry": TEXT,
                "state": {"enum": ["held", "retired", "cancelled", "mixed"]},
                "batch": ref("Row.mirror_batches"),
                "project": ref("Row.mirrors"),
                "blocks": LIST,
                "ends": several(ref("Row.mirror_retirements")),
            }
        ),
        "MirrorProject": record({"project": ref("Row.mirrors"), "figures": ANY, "blocks": LIST}),
        "Mirrored": record({"units": LIST, "transactions": LIST}),
        "OwnTrace": record(
            {
                "serial": TEXT,
                "state": {"enum": ["held", "retired", "cancelled"]},
                "batch": ref("Row.batches"),
                "project": ref("Row.projects"),
                "report": ref("Row.reports"),
                "retirement": {"oneOf": [ref("Row.retirements"), {"type": "null"}]},
                "locks": several(ref("Row.locks")),
            }
        ),
        **_policy(),
        "Dossier": _dossier(),
        "Entry": _entry(),
        "Leaf": _leaf(),
        "Envelope": _envelope(),
        "Submission": _submission(),
        "Rehearsing": _rehearsing(),
        "Answer": record(
            {"index": COUNT, "outcome": ref("Outcome"), "checkpoint_size": COUNT},
        ),
        "Outcome": record(
            {"result": {"enum": ["accepted", "refused"]}, "code": TEXT, "params": ANY},
            ("code", "params"),
        ),
        "Certificate": record(
            {"format": TEXT, "retirement": TEXT, "outcome": ANY, "leaf": TEXT, "receipt": TEXT},
        ),
        "Preview": record(
            {
                "preview": {"const": True},
                "irrevocable": {"const": True},
                "notice": TEXT,
                "outcome": ref("Outcome"),
                "people": COUNT,
                "quantity": COUNT,
                "serials": several(TEXT),
                "available": COUNT,
                "left": COUNT,
                "class": MAYBE,
                "vintage": {"type": ["integer", "null"]},
                "project": MAYBE,
                "mass": {"type": ["object", "null"]},
                "size": COUNT,
                "at": INSTANT,
            }
        ),
        "Rehearsal": record(
            {
                "accepted": FLAG,
                "faults": {
                    "type": "array",
                    "items": record({"code": TEXT, "params": ANY, "title": ANY}),
                },
                "people": COUNT,
                "size": COUNT,
                "at": INSTANT,
                "order": {
                    "oneOf": [record({"state": TEXT, "quantity": COUNT, "filled": COUNT}), NONE]
                },
            }
        ),
        "KeyHistory": record({"format": TEXT, "rotations": several(ANY)}),
        "Health": record({"status": {"const": "ok"}}),
        "Readiness": record(
            {"status": {"enum": ["ready", "unready"]}, "checks": ANY, "alarms": LIST},
        ),
        "Document": record({"openapi": TEXT, "info": ANY, "paths": ANY, "components": ANY}),
        "Private": {**ANY, "description": "Of the reader's own; docs/sessions.md says what."},
        **{schema.__name__: object_schema(schema) for schema in SENT},
        "Text": TEXT,
        "Bytes": {},
        "Lines": {"type": "string", "description": LINES},
        "Book": {"type": "string", "description": BOOK},
        "Table": {"type": "string", "description": TABLE},
        "BookTable": {"type": "string", "description": BOOK_TABLE},
        "Problem": _problem(),
    }


def _policy() -> dict[str, Shape]:
    """Facts with their line of corrections, rules as of two times, plans with their shares."""
    times: dict[str, Shape] = {"as_of": DATE, "known_at": COUNT}
    lines: dict[str, Shape] = {"line": several(ref("Row.facts"))}
    version = without(row(RULE), "text", "golden")
    rules: dict[str, Shape] = {"items": several(version), "next": NONE}
    named = {"name": TEXT, "name_en": MAYBE, "split_by": MAYBE}
    share = widened(row(SHARE), named, ("name", "name_en"))
    versions: dict[str, Shape] = {"versions": several(version)}
    return {
        "Fact": widened(row(FACT), lines),
        "Rules": record({**times, **rules}),
        "Rule": widened(row(RULE), {**times, **versions}),
        "Quota": widened(row(PLAN), {"shares": several(share)}),
    }


def _dossier() -> Shape:
    """A party with what it was admitted with and what happened to it; persons are left out."""
    limit = record({"max": COUNT, "source": TEXT, "confidence": TEXT})
    standing = {"enum": ["valid", "expired", "not-yet", "ended"]}
    speaks = {"oneOf": [without(row(AUTHORISED), "party", "person"), NONE]}
    return record(
        {
            "party": ref("Row.parties"),
            "as_of": DATE,
            "agreements": several(row(AGREEMENT)),
            "approvals": several(widened(row(APPROVAL), {"standing": standing})),
            "operators": several(
                widened(without(row(OPERATOR), "party", "person"), {"keys": COUNT})
            ),
            "operators_max": {"oneOf": [limit, NONE]},
            "authorised": speaks,
            "history": several(row(ACT)),
        }
    )


def widened(shape: Shape, members: Mapping[str, Shape], optional: tuple[str, ...] = ()) -> Shape:
    """An object with further members."""
    return {
        **shape,
        "properties": {**shape["properties"], **members},
        "required": sorted({*shape["required"], *members} - set(optional)),
    }


def without(shape: Shape, *names: str) -> Shape:
    """An object that leaves some members out."""
    return {
        **shape,
        "properties": {n: v for n, v in shape["properties"].items() if n not in names},
        "required": [name for name in shape["required"] if name not in names],
    }


def _envelope() -> Shape:
    signature = record({"keyid": {"type": "string", "pattern": "^[0-9a-f]{32}$"}, "sig": BASE64})
    return record(
        {
            "payload": BASE64,
            "payloadType": {"const": PAYLOAD_TYPE},
            "signatures": {"type": "array", "items": signature, "minItems": 1, "maxItems": 8},
        },
        additionalProperties=False,
        description="DSSE: the payload is canonical JSON, base64, signed by each of its keys.",
    )


def _rehearsing() -> Shape:
    """A body, or a body and what is attached to it: a submission that nobody has signed."""
    body: Shape = {**ANY, "description": "The body of a statement of the type; no salt is needed."}
    whole = without(_submission(), "envelope")
    return {"anyOf": [{**whole, "properties": {**whole["properties"], "body": body}}, body]}


def _submission() -> Shape:
    attachment = record({"media_type": TEXT, "salt": TEXT, "content": BASE64})
    held: Shape = {"type": "object", "additionalProperties": attachment, "maxProperties": COUNT_MAX}
    members: dict[str, Shape] = {
        "envelope": ref("Envelope"),
        "body": ref("Body"),
        "attachments": held,
    }
    return record(members, ("attachments",), additionalProperties=False)


def _leaf() -> Shape:
    sealed = ("envelope", "envelope_sha256")
    members = {
        "at": INSTANT,
        "envelope": ref("Envelope"),
        "envelope_sha256": HASH,
        "outcome_sha256": HASH,
    }
    return record(members, sealed, description="Public types show the envelope, others its digest.")


def _entry() -> Shape:
    outcome = record({"public": ANY, "parts": several(HASH)})
    members = {
        "index": COUNT,
        "leaf": ref("Leaf"),
        "outcome": outcome,
        "body": ref("Body"),
        "made": several(record({"kind": TEXT, "id": TEXT})),
        "leaf_hash": BASE64,
        "outcome_sha256": HASH,
    }
    return record(members, ("body",))


def _problem() -> Shape:
    fault = record({"pointer": TEXT, "parameter": TEXT, "code": TEXT}, ("pointer", "parameter"))
    members: dict[str, Shape] = {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string", "description": "In the language of the request."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {"type": "string", "pattern": "^[a-z0-9-]+$"},
        "params": ANY,
        "errors": several(fault),
        "index": COUNT,
        "outcome": ref("Outcome"),
        "checkpoint_size": COUNT,
        "retry": {"type": "boolean", "description": "Of a 503: whether it may succeed later."},
    }
    optional = ("errors", "index", "outcome", "checkpoint_size", "retry")
    example = {
        "type": "/problems/parameter-invalid",
        "title": "A query parameter is invalid",
        "status": 400,
        "code": "parameter-invalid",
        "params": {"field": "limit", "rule": "1..500"},
        "errors": [{"parameter": "limit", "code": "1..500"}],
    }
    words = "RFC 9457; 422 names the entry of a refusal."
    return record(members, optional, description=words, examples=[example])
