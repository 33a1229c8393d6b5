"""The record: signed statements, a provable log, parties and credits."""
