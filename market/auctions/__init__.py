"""The auctions: clearing of a frozen set of orders at one price; pure."""
