"""A client for programs: sign, submit with safe retries, read, and believe only what is proved."""

from portal.client.answers import Answer, Proved
from portal.client.client import Client
from portal.client.errors import (
    ClientError,
    Fork,
    NotProved,
    RefusedByRules,
    Rejected,
    ServerFault,
    Unreachable,
)
from portal.client.retrying import Patience

__all__ = [
    "Answer",
    "Client",
    "ClientError",
    "Fork",
    "NotProved",
    "Patience",
    "Proved",
    "RefusedByRules",
    "Rejected",
    "ServerFault",
    "Unreachable",
]
