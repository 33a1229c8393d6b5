"""Measurements: ours beside what is to be beaten, in one run on the same settings."""
