"""The credits room."""
