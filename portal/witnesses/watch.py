"""Who the witnesses of a home are, and what they last said: for those who only look."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ledger.log.errors import LogError
from ledger.log.note import parse_vkey
from ledger.log.policy import Policy, Witness, parse_policy
from ledger.writer.errors import Unavailable
from portal.config import Settings
from portal.witnesses.standing import Standing, recall


@dataclass(frozen=True)
class Watch:
    """The policy of a home, if it has one, and the folder of what witnesses did."""

    policy: Policy | None
    folder: Path

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        """Every witness of the policy, in its order."""
        return self.policy.witnesses if self.policy else ()

    def standings(self) -> list[tuple[Witness, Standing]]:
        """What each witness last did."""
        return [(witness, recall(self.folder, witness)) for witness in self.witnesses]

    def alarms(self) -> list[dict[str, str]]:
        """The witnesses that hold another history of this log, each with the fault's code."""
        return [
            {"witness": witness.name, "code": str(standing.fault)}
            for witness, standing in self.standings()
            if standing.fork
        ]


def read_watch(settings: Settings, vkeys: list[str]) -> Watch:
    """The witnesses that ``witness-policy`` in the home names; none without that file.

    ``vkeys`` are the log's keys.  Raises Unavailable ``witness-policy-malformed`` with the broken
    rule, or ``witness-policy-log-differs`` where the policy lists logs and this is not one.
    """
    path = settings.witness_policy
    if not path.exists():
        return Watch(None, settings.witnesses)
    try:
        policy = parse_policy(path.read_bytes().decode("utf-8"))
    except LogError as error:
        raise _malformed(error.code) from error
    except UnicodeDecodeError as error:
        raise _malformed("not-utf8") from error
    except OSError as error:
        raise _malformed("file-unreadable") from error
    if policy.logs and not any(parse_vkey(vkey) in policy.logs for vkey in vkeys):
        raise Unavailable("witness-policy-log-differs", retry=False)
    for witness in policy.witnesses:
        if witness.url is not None and not _is_address(witness.url):
            raise _malformed("url", witness=witness.name)
    return Watch(policy, settings.witnesses)


def _malformed(rule: str, **params: str) -> Unavailable:
    return Unavailable("witness-policy-malformed", retry=False, rule=rule, **params)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        return False
