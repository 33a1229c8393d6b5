"""The doors: HTTP, pages and shell over the rooms below."""
