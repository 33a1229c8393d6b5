"""Bodies of the statements around opinions and decisions."""

from __future__ import annotations

from marshmallow import Schema

from ledger.statements import fields

SUBJECTS = ("project", "report")
TEXT_MAX = 2_000


class Notice(Schema):
    """The owner publishes a design or a report for comments (公示)."""

    subject = fields.Enum(SUBJECTS, required=True)
    name = fields.Identifier(required=True)


class Comment(Schema):
    """A comment of anybody on what is published (公众意见)."""

    notice = fields.Text(max_length=80, required=True)
    text = fields.Text(max_length=TEXT_MAX, required=True)


class Engagement(Schema):
    """The owner engages a body for the opinion on a design or a report (委托审定与核查)."""

    subject = fields.Enum(SUBJECTS, required=True)
    name = fields.Identifier(required=True)
    verifier = fields.Identifier(required=True)


class Retraction(Schema):
    """The owner takes back a project or a report before its registration (申请撤回)."""

    subject = fields.Enum(SUBJECTS, required=True)
    name = fields.Identifier(required=True)
    reason = fields.Text(max_length=400, required=True)


class CommentAnswer(Schema):
    """What the body that will give its opinion makes of a comment (意见处理情况)."""

    comment = fields.Text(max_length=80, required=True)
    text = fields.Text(max_length=TEXT_MAX, required=True)


class Application(Schema):
    """The owner applies for the registration of a project or of reductions (申请)."""

    subject = fields.Enum(SUBJECTS, required=True)
    name = fields.Identifier(required=True)
    undertaking = fields.Enum(("no-ccer",))


class Acceptance(Schema):
    """The registrar takes an application up (受理)."""

    application = fields.Text(max_length=80, required=True)


class Correction(Schema):
    """The registrar sends an application back for what is missing (补正)."""

    application = fields.Text(max_length=80, required=True)
    reasons = fields.Text(max_length=TEXT_MAX, required=True)
