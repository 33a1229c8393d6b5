"""Consents: who may read what of an enterprise, for which purpose, until when."""
