"""Composing what is stated, trying it, signing it, and what came to be with it."""
