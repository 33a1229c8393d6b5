"""The ledger at home: its keys and its lock, opening it, reading its record, the one way in."""
