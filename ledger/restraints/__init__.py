"""The restraints room."""
