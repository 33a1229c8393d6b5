"""The shape of what readers send about sessions and drafts."""

from __future__ import annotations

from marshmallow import Schema

from ledger.statements import fields

KEY_ID_BYTES = 16
SIGNATURE_CHARACTERS = 88
REASON_CHARACTERS = 400


class Asking(Schema):
    """Who wants to sign in, and with which key."""

    party = fields.PartyId(required=True)
    key = fields.Hex(KEY_ID_BYTES, required=True)


class Answering(Schema):
    """A challenge, signed; ``cookie`` asks for one beside the token."""

    party = fields.PartyId(required=True)
    key = fields.Hex(KEY_ID_BYTES, required=True)
    challenge = fields.Hex(32, required=True)
    signature = fields.Text(
        min_length=SIGNATURE_CHARACTERS, max_length=SIGNATURE_CHARACTERS, required=True
    )
    cookie = fields.Flag()


class CoSigning(Schema):
    """The missing signature of the reader's own key, in base64."""

    signature = fields.Text(
        min_length=SIGNATURE_CHARACTERS, max_length=SIGNATURE_CHARACTERS, required=True
    )


class Rejection(Schema):
    """Why a co-signer does not sign."""

    reason = fields.Text(max_length=REASON_CHARACTERS, required=True)
