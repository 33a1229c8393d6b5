"""One path that writes, and the audit that proves it."""
