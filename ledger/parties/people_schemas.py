"""Bodies of the statements about admission and people."""

from __future__ import annotations

import re

from marshmallow import Schema

from ledger.statements import fields

COVERS = ("key-use", "electronic-signature", "fees")
"""What an account agreement settles: use and custody of keys, that a key's signature is the
party's electronic signature, and fees."""
PAPERS = (
    "application",
    "agreement",
    "licence",
    "authorisation",
    "identity",
    "ownership",
    "approval",
)
"""Evidence of an admission: 开户申请, 协议, 营业执照, 授权书, 身份证明, 受益所有人, 资质批准."""
MAKER, CHECKER = "maker", "checker"
"""经办 and 复核."""
_DOMAIN = re.compile(r"[0-9]{2}", re.ASCII)
_DOCUMENT = 120


class Agreement(Schema):
    """An account agreement (开户协议), bound by the SHA-256 of its text."""

    document = fields.Text(max_length=_DOCUMENT, required=True)
    sha256 = fields.Digest(required=True)
    covers = fields.ListOf(fields.Enum(COVERS), min_items=1, max_items=3, required=True)
    signed_on = fields.Date(required=True)


class Approval(Schema):
    """An approval of a validation and verification body (审定与核查机构资质批准).

    ``domains`` are two-digit fields of methodologies (``14`` in ``CCER-14-001``),
    ``methodologies`` single ones; ``valid_to`` is the last day.
    """

    document = fields.Text(max_length=_DOCUMENT, required=True)
    domains = fields.ListOf(fields.Pattern(_DOMAIN, "not-a-domain"), max_items=40, required=True)
    methodologies = fields.ListOf(fields.Text(max_length=60), max_items=100, required=True)
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(required=True)


class KeyEntry(Schema):
    """A key of one operator, with proof that the operator holds it.

    An operator without a role may make and check, but never one statement alone in both.
    """

    operator = fields.Identifier(required=True)
    person = fields.Identifier(required=True)
    public = fields.Hex(32, required=True)
    proof = fields.Hex(64, required=True)
    role = fields.Enum((MAKER, CHECKER))


class AgreementRecord(Schema):
    """The registrar records a party's newer account agreement."""

    party = fields.PartyId(required=True)
    agreement = fields.Nested(Agreement, required=True)


class ApprovalRecord(Schema):
    """An approval of a verifier is recorded by number, scope and dates."""

    party = fields.PartyId(required=True)
    approval = fields.Nested(Approval, required=True)


class ApprovalEnd(Schema):
    """An approval ends before its last day, by a document of the authority."""

    party = fields.PartyId(required=True)
    approval = fields.Text(max_length=_DOCUMENT, required=True)
    document = fields.Text(max_length=_DOCUMENT, required=True)


class OperatorRole(Schema):
    """A party gives one of its operators another role."""

    operator = fields.Identifier(required=True)
    role = fields.Enum((MAKER, CHECKER), required=True)


class KeyBlock(Schema):
    """A lost or stolen key of another party stops from this entry on (密钥挂失)."""

    key = fields.Hex(16, required=True)
    document = fields.Text(max_length=_DOCUMENT, required=True)
    reason = fields.Text(max_length=200, required=True)


class KeyReplacement(Schema):
    """A new key for the operator of a key that has stopped (密钥补办)."""

    party = fields.PartyId(required=True)
    replaces = fields.Hex(16, required=True)
    key = fields.Nested(KeyEntry, required=True)
    document = fields.Text(max_length=_DOCUMENT, required=True)


class PartyChange(Schema):
    """Name, uniform code or region of a party change (名称、统一社会信用代码变更)."""

    party = fields.PartyId(required=True)
    name = fields.Text(max_length=120)
    name_en = fields.Text(max_length=160)
    uscc = fields.Text(max_length=18)
    region = fields.Text(max_length=6)
    document = fields.Text(max_length=_DOCUMENT, required=True)


class Authorisation(Schema):
    """Who may speak for a party to the registrar (授权代表变更); the name is an attachment."""

    party = fields.PartyId(required=True)
    person = fields.Identifier(required=True)
    since = fields.Date(required=True)
    document = fields.Text(max_length=_DOCUMENT, required=True)


class Closure(Schema):
    """A party leaves for ever (账户注销), on its application."""

    party = fields.PartyId(required=True)
    document = fields.Text(max_length=_DOCUMENT, required=True)


class StaffList(Schema):
    """An authority or a verifier says which persons are its staff, or are no longer."""

    persons = fields.ListOf(fields.Identifier(), min_items=1, max_items=200, required=True)
