"""Trust policies (https://c2sp.org/tlog-policy): which logs, which witnesses, what quorum."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ledger.log.errors import PolicyError
from ledger.log.note import COSIGNATURE, ED25519, MLDSA44, Verifier, parse_vkey

NONE = "none"
DEFINITIONS_MAX = 1000
_ALLOWED = re.compile(r"[\t\n\x20-\x7e\x80-\U0010ffff]*")
_THRESHOLD = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
LOG_TYPES = (ED25519, MLDSA44)
WITNESS_TYPES = (COSIGNATURE, MLDSA44)


@dataclass(frozen=True)
class Witness:
    """A witness by its name within the policy, with the address to submit to, if stated."""

    name: str
    verifier: Verifier
    url: str | None = None


@dataclass(frozen=True)
class Group:
    """Reached when ``threshold`` of its members (witnesses or groups) are."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """A parsed policy; ``logs`` may be empty where the log is known from elsewhere."""

    logs: tuple[Verifier, ...]
    witnesses: tuple[Witness, ...]
    groups: tuple[Group, ...]
    quorum: str

    @property
    def verifiers(self) -> tuple[Verifier, ...]:
        """Every key that the policy knows."""
        return (*self.logs, *(witness.verifier for witness in self.witnesses))

    def rotated(self, line: Sequence[Verifier], head_key: Verifier) -> Policy:
        """The policy for a head that ``head_key`` must sign, which has followed others.

        ``line`` is that of one log's keys; a policy that lists any of them trusts the log,
        and so the one key that the head must bear.
        """
        if not any(log in line for log in self.logs):
            return self
        others = tuple(log for log in self.logs if log not in line)
        return replace(self, logs=(*others, head_key))

    def reached(self, signed: Iterable[Verifier]) -> bool:
        """Whether those whose signatures were verified make the quorum."""
        if self.quorum == NONE:
            return True
        keys = set(signed)
        state = {witness.name: witness.verifier in keys for witness in self.witnesses}
        for group in self.groups:  # each refers to earlier names only
            state[group.name] = sum(state[name] for name in group.members) >= group.threshold
        return state[self.quorum]


class _Lines:
    """The definitions read so far."""

    def __init__(self) -> None:
        self.logs: list[Verifier] = []
        self.witnesses: list[Witness] = []
        self.groups: list[Group] = []
        self.names: set[str] = set()
        self.members: set[str] = set()
        self.quorum: str | None = None

    def log(self, words: list[str]) -> None:
        if len(words) not in (1, 2):
            raise PolicyError("policy-line-malformed")
        verifier = _key(words[0], LOG_TYPES)
        if any(known.public == verifier.public for known in self.logs):
            raise PolicyError("policy-key-twice")
        self.logs.append(verifier)

    def witness(self, words: list[str]) -> None:
        if len(words) not in (2, 3):
            raise PolicyError("policy-line-malformed")
        verifier = _key(words[1], WITNESS_TYPES)
        if any(known.verifier.public == verifier.public for known in self.witnesses):
            raise PolicyError("policy-key-twice")
        self._define(words[0])
        self.witnesses.append(Witness(words[0], verifier, words[2] if len(words) == 3 else None))

    def group(self, words: list[str]) -> None:
        if len(words) < 3:
            raise PolicyError("policy-line-malformed")
        name, rule, *members = words
        for member in members:
            if member not in self.names:
                raise PolicyError("policy-name-unknown")
            if member in self.members:
                raise PolicyError("policy-member-twice")
            self.members.add(member)
        if rule not in ("any", "all") and not _THRESHOLD.fullmatch(rule):
            raise PolicyError("policy-threshold")
        threshold = {"any": 1, "all": len(members)}.get(rule) or int(rule)
        if threshold > len(members):
            raise PolicyError("policy-threshold")
        self._define(name)
        self.groups.append(Group(name, threshold, tuple(members)))

    def set_quorum(self, words: list[str]) -> None:
        if len(words) != 1:
            raise PolicyError("policy-line-malformed")
        if self.quorum is not None:
            raise PolicyError("policy-quorum-count")
        if words[0] != NONE and words[0] not in self.names:
            raise PolicyError("policy-name-unknown")
        self.quorum = words[0]

    def _define(self, name: str) -> None:
        if name == NONE or name in self.names:
            raise PolicyError("policy-name-taken")
        if len(self.names) == DEFINITIONS_MAX:
            raise PolicyError("policy-too-large")
        self.names.add(name)


def _key(text: str, types: tuple[int, ...]) -> Verifier:
    verifier = parse_vkey(text)
    if verifier.algorithm not in types:
        raise PolicyError("policy-key-type")
    return verifier


def parse_policy(text: str) -> Policy:
    """Read a policy file; raises PolicyError, or NoteError for a malformed key."""
    if not _ALLOWED.fullmatch(text):
        raise PolicyError("policy-control-character")
    lines = _Lines()
    readers = {
        "log": lines.log,
        "witness": lines.witness,
        "group": lines.group,
        "quorum": lines.set_quorum,
    }
    for line in text.split("\n"):
        words = [word for word in re.split(r"[ \t]+", line) if word]
        if not words or words[0].startswith("#"):
            continue
        reader = readers.get(words[0])
        if reader is None:
            raise PolicyError("policy-line-malformed")
        reader(words[1:])
    if lines.quorum is None:
        raise PolicyError("policy-quorum-count")
    return Policy(tuple(lines.logs), tuple(lines.witnesses), tuple(lines.groups), lines.quorum)
