"""Several processes over one record: a writer behind a Unix socket, and HTTP workers."""
