"""The mirrors room."""
