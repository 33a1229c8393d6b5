"""The trusted-account list of each party."""
