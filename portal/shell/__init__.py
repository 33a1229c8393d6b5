"""What every door shares: language, problems, limits, headers."""
