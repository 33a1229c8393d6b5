"""Market data: tickers, candles, averages, history and the feed; public, and never who."""
