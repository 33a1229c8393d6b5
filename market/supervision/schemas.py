"""Bodies of the statements of supervision."""

from __future__ import annotations

from marshmallow import Schema

from ledger.statements import fields
from ledger.statements.canonical import INTEGER_MAX
from market.instruments.schemas import InstrumentCode, VenueCode
from market.watching.finding import DETECTORS

NAME = 80


class Documented(Schema):
    """Why, and by which document."""

    reason = fields.Text(max_length=400, required=True)
    document = fields.Text(max_length=120, required=True)


class TradingBar(Documented):
    """Bar a party from trading, from a day on and until a last one or until it is lifted.

    Its open orders end; it may still move out, withdraw and retire.
    """

    party = fields.PartyId(required=True)
    since = fields.Date()
    until = fields.Date()


class TradingUnbar(Documented):
    """Lift a bar."""

    bar = fields.Text(max_length=NAME, required=True)


class BarTurn(Schema):
    """A bar's first day has come, or its last one is over."""

    bar = fields.Text(max_length=NAME, required=True)


class ListingOrder(Documented):
    """End a listing by order (强制撤单); what it froze is its seller's again."""

    listing = fields.Hex(10, required=True)


class OrderOrder(Documented):
    """End an order by order (强制撤单); what it froze is its owner's again."""

    order = fields.Hex(16, required=True)


class VenueDecision(Documented):
    """Stop or resume all trading of a venue (临时停市); what stands in the books stays."""

    venue = VenueCode(required=True)


class RiskWarning(Schema):
    """Warn a party of a risk (风险提示)."""

    party = fields.PartyId(required=True)
    text = fields.Text(max_length=2_000, required=True)
    document = fields.Text(max_length=120, required=True)


class PositionCheck(Schema):
    """Look at the positions of a session's day and ask the large ones for a report."""

    venue = VenueCode(required=True)
    date = fields.Date(required=True)


class PositionReport(Schema):
    """Report a large position (大户报告): what it is for and where the money came from."""

    duty = fields.Text(max_length=NAME, required=True)
    purpose = fields.Text(max_length=1_000, required=True)
    funding = fields.Text(max_length=1_000, required=True)


class ReserveDay(Schema):
    """Set aside the share of a closed session's fees that is due to the risk reserve."""

    venue = VenueCode(required=True)
    date = fields.Date(required=True)


class ReserveApproval(Documented):
    """Let an exchange spend an amount of its risk reserve on one receiver."""

    operator = fields.PartyId(required=True)
    receiver = fields.PartyId(required=True)
    amount_fen = fields.Quantity(required=True)


class ReserveSpending(Schema):
    """Pay what was approved out of the risk reserve to its receiver's trading account."""

    approval = fields.Text(max_length=NAME, required=True)


class Figure(Schema):
    """A figure of a finding, in the unit that its name ends with."""

    name = fields.Identifier(required=True)
    value = fields.Whole(-INTEGER_MAX, required=True)


class FindingOpening(Schema):
    """Put what a detector found on the record: entries as evidence, figures, whom it concerns."""

    detector = fields.Enum(DETECTORS, required=True)
    instrument = InstrumentCode()
    parties = fields.ListOf(fields.PartyId(), max_items=20, min_items=1, required=True)
    entries = fields.ListOf(fields.Natural(), max_items=2_000, min_items=1, required=True)
    figures = fields.ListOf(fields.Nested(Figure), max_items=20, min_items=1, required=True)


class FindingExplanation(Schema):
    """Explain a finding: why nothing follows from it."""

    finding = fields.Text(max_length=NAME, required=True)
    ground = fields.Text(max_length=1_000, required=True)
    document = fields.Text(max_length=120, required=True)


class FindingReferral(Schema):
    """Refer a finding to an authority; from here on the parties concerned are told of it."""

    finding = fields.Text(max_length=NAME, required=True)
    authority = fields.Text(max_length=120, required=True)
    ground = fields.Text(max_length=1_000, required=True)
    document = fields.Text(max_length=120, required=True)
