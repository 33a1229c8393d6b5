"""The supervision of the exchange: bars, halts, orders to cancel, duties to report, findings."""
