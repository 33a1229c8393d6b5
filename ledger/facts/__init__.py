"""Facts: signed observations, each with who said it, from which source, how surely."""
