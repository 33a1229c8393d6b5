"""The settlement: delivery versus payment, both legs and fees in one outcome or none."""
