"""Witnesses: asked for cosignatures while a ledger is served, and a small one of our own."""
