"""The one-way auctions (单向竞价) on the record: announced, offered, bid for, cleared, told."""
