"""Answers that somebody relies on, put on the record."""
