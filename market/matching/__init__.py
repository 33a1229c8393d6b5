"""The matching: the continuous core, for venues whose law allows it; pure."""
