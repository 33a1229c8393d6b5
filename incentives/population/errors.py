"""What can be wrong with a population and with a question put to all of it."""

from __future__ import annotations

from incentives.errors import PolicyError


class PopulationRefused(PolicyError):
    """A table of enterprises that cannot be read: it names the line, the column and the rule."""
