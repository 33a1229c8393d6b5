"""The pledges room."""
