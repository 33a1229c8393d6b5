"""The sessions: trading days that the operator opens and closes."""
