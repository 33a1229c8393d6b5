"""The instruments: what may be traded, by which method, under which dated terms."""
