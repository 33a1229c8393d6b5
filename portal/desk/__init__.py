"""What a party sees of its own: holdings and claims, trades, what it must do and by when."""
