"""A whole population at once: the rules' second back end, exact like the first."""

from incentives.population.facts import Facts
from incentives.population.people import People
from incentives.population.work import Result, put

__all__ = ["Facts", "People", "Result", "put"]
