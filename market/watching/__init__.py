"""The detectors: pure functions from what happened on the exchange to what looks odd."""
