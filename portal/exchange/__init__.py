"""What pages and API show of the exchange."""
