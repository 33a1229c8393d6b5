"""The keys of a group, kept sorted: it is asked for far more often than it changes."""

from __future__ import annotations

from bisect import bisect_left

from ledger.writer.kinds import Key


def join(members: list[Key], key: Key) -> None:
    """Put a key in its place; one that is there stays there once."""
    place = bisect_left(members, key)
    if place == len(members) or members[place] != key:
        members.insert(place, key)


def leave(members: list[Key], key: Key) -> None:
    """Take a key out; one that is not there changes nothing."""
    place = bisect_left(members, key)
    if place < len(members) and members[place] == key:
        del members[place]
