"""The exchange: instruments, orders, matching, auctions and settlement."""
