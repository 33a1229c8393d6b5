"""The disposable store beside the record: sign-in, drafts, limits. Losing it loses convenience."""
