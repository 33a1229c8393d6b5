"""One module per registry."""
