"""The Merkle log: tiles, checkpoints, receipts, in formats that others read."""
