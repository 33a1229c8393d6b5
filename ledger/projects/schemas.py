"""Bodies of the projects room's statements."""

from __future__ import annotations

from marshmallow import Schema

from ledger.statements import fields

CLASSES = ("ZJ_VER", "ZJ_AC", "ZJ_FS")
"""Provincial voluntary, activated carbon, forest sink.  CCER units are mirrored, not issued."""
OPINIONS = ("positive", "negative")


class ProjectDesign(Schema):
    """The owner submits a design document (项目设计文件)."""

    project = fields.Identifier(required=True)
    credit_class = fields.Enum(CLASSES, required=True)
    name = fields.Text(max_length=120, required=True)
    methodology = fields.Text(max_length=60, required=True)
    region = fields.Text(max_length=6, required=True)
    site = fields.Text(max_length=120, required=True)
    construction_start = fields.Date(required=True)
    crediting_start = fields.Date(required=True)
    crediting_end = fields.Date(required=True)
    design_sha256 = fields.Digest(required=True)


class Opinion(Schema):
    """The validator's opinion (审定报告)."""

    project = fields.Identifier(required=True)
    opinion = fields.Enum(OPINIONS, required=True)
    report_sha256 = fields.Digest(required=True)


class ProjectDecision(Schema):
    """The registrar's decision on a project (项目登记, 不予登记, 项目注销)."""

    project = fields.Identifier(required=True)
    document = fields.Text(max_length=120, required=True)


class Succession(ProjectDecision):
    """Another enterprise takes the place of a project's owner (项目业主承继)."""

    successor = fields.PartyId(required=True)
    ground = fields.Enum(("merger", "division"), required=True)


class ProjectRefusal(ProjectDecision):
    """The registrar does not register a project, and says why (不予登记)."""

    reasons = fields.Text(max_length=2_000, required=True)


class ProjectMove(ProjectDecision):
    """A project leaves for the national register (转为国家核证自愿减排量项目)."""

    ccer_project = fields.Text(max_length=60, required=True)


class MonitoringReport(Schema):
    """The owner's quantified report for a period (减排量核算报告)."""

    report = fields.Identifier(required=True)
    project = fields.Identifier(required=True)
    start = fields.Date(required=True)
    end = fields.Date(required=True)
    claimed = fields.Quantity(required=True)
    report_sha256 = fields.Digest(required=True)


class Vintage(Schema):
    """Verified credits generated in one calendar year."""

    year = fields.Natural(required=True)
    quantity = fields.Quantity(required=True)


class VerificationReport(Schema):
    """The verifier's quantity, by vintage year (减排量核查报告)."""

    report = fields.Identifier(required=True)
    opinion = fields.Enum(OPINIONS, required=True)
    vintages = fields.ListOf(fields.Nested(Vintage), max_items=40, required=True)
    report_sha256 = fields.Digest(required=True)


class OpinionWithdrawal(Schema):
    """The verifier takes back its positive opinion on a report (撤回核查意见)."""

    report = fields.Identifier(required=True)
    reason = fields.Text(max_length=400, required=True)


class PartialWithdrawal(Schema):
    """The verifier takes back a part of its quantity, stated by year (部分撤回核查意见)."""

    report = fields.Identifier(required=True)
    vintages = fields.ListOf(fields.Nested(Vintage), max_items=40, min_items=1, required=True)
    reason = fields.Text(max_length=400, required=True)


class ValidationWithdrawal(Schema):
    """The validator takes back its positive opinion on a project (撤回审定意见)."""

    project = fields.Identifier(required=True)
    reason = fields.Text(max_length=400, required=True)


class ReductionDecision(Schema):
    """The registrar registers the verified reductions (减排量登记)."""

    report = fields.Identifier(required=True)
    quantity = fields.Quantity(required=True)
    document = fields.Text(max_length=120, required=True)


class ReductionRefusal(Schema):
    """The registrar does not register verified reductions, and says why (不予登记)."""

    report = fields.Identifier(required=True)
    document = fields.Text(max_length=120, required=True)
    reasons = fields.Text(max_length=2_000, required=True)
