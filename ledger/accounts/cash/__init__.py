"""Cash at the settlement bank: who may pay in and out, suspense, and the daily reconciliation."""
