"""The audit: recompute everything from the entries and compare it with what is stored."""

from ledger.writer.audit.published import Known, audit_published
from ledger.writer.audit.report import Report
from ledger.writer.audit.run import audit

__all__ = ["Known", "Report", "audit", "audit_published"]
