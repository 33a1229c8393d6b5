"""The orders: a continuous book and call auctions on the record, for venues whose law allows."""
