"""Commitments: the balances of everybody under one root on the public log."""
