"""Signed statements: strict in form, canonical in bytes."""
