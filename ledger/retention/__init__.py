"""Retention: how long what lies behind a leaf is kept, and its erasure on the record."""
