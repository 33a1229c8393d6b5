"""The one place that starts asking: for whoever holds the home and writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from portal.home.opening import Counter
from portal.witnesses.asking import Asking
from portal.witnesses.posting import Poster


@contextmanager
def asking(counter: Counter) -> Iterator[None]:
    """Ask the home's witnesses for the length of a block; nobody without a policy.

    Raises Unavailable where the policy cannot be followed.
    """
    policy = counter.watch.policy
    if policy is None:
        yield
        return
    post = Poster()
    asked = Asking(counter.settings, counter.record, policy, post)
    asked.start()
    try:
        yield
    finally:
        asked.stop()
        post.close()
