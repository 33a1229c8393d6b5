"""Answers about incentives, quotas and what a change would do, in words for whoever asks."""
