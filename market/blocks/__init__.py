"""The block trades (大宗协议): proposed by one side, accepted by the other it names."""
