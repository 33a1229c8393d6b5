"""What a handler is given: the state through its circle, the time, the signers, the verbs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from ledger.writer.errors import BrokenInvariant, Refusal
from ledger.writer.kinds import Key, Kind, Row
from ledger.writer.state import F, State

if TYPE_CHECKING:
    from ledger.writer.engine import Engine

V = TypeVar("V")


@dataclass(frozen=True)
class Signer:
    """A person who signed, as the key register knows them at this index."""

    key: str
    operator: str
    person: str


class Context:
    """One decision in progress.

    A handler of a public type reads only public kinds (``get`` refuses others), because
    the public must be able to replay it; it may still post amounts to private rows.
    """

    def __init__(
        self,
        engine: Engine,
        state: State,
        *,
        at: int,
        index: int,
        party: str,
        ledger: str,
        id: str,
        type: str,
        public: bool,
        salt: str | None,
        signers: tuple[Signer, ...],
        faults: list[Refusal] | None = None,
    ) -> None:
        self.engine = engine
        self.at = at
        self.index = index
        self.party = party
        self.id = id
        self.type = type
        self.public = public
        self.salt = salt
        self.signers = signers
        self.faults = faults
        self.events: list[dict[str, Any]] = []
        self.salts: dict[str, str] = {}
        self._tallies: dict[str, int] = {}
        self._state = state
        self._ledger = ledger

    @property
    def origin(self) -> str:
        """The origin of the log that this decision is for."""
        return self._ledger

    def get(self, kind: Kind, *key: Any) -> Row | None:
        """Read a row."""
        if self.public:
            self._readable(kind)
        return self._state.get(kind, *key)

    def need(self, kind: Kind, *key: Any) -> Row:
        """Read a row that must exist, else refuse with ``<kind>-unknown``."""
        row = self.get(kind, *key)
        if row is None:
            raise Refusal(f"{kind.name.replace('_', '-')}-unknown", key="/".join(map(str, key)))
        return row

    def memo(self, kind: Kind) -> dict[Any, Any]:
        """What was worked out from rows of a kind alone; gone when one of them changes."""
        self._readable(kind)
        return self._state.memo(kind)

    def children(self, kind: Kind, group: str, *value: Any) -> list[Key]:
        """Keys of a group's rows, sorted."""
        self._readable(kind)
        return self._state.children(kind, group, *value)

    def members(self, kind: Kind, group: str, *value: Any) -> list[Row]:
        """A group's rows, sorted by their keys."""
        self._readable(kind)
        return self._state.members(kind, group, *value)

    def gather(self, kind: Kind, group: str, *value: Any) -> list[Row]:
        """A group's rows in no order, for large groups that are asked for rarely."""
        self._readable(kind)
        return self._state.gather(kind, group, *value)

    def follow(self, kind: Kind, make: Callable[[], F]) -> F:
        """What is kept beside a kind's rows as long as the state lives."""
        self._readable(kind)
        return self._state.follow(kind, make)

    def _readable(self, kind: Kind) -> None:
        """Raise BrokenInvariant where a public handler asks for private rows."""
        if self.public and not kind.public:
            raise BrokenInvariant("public-handler-reads-private", kind=kind.name, type=self.type)

    def fault(self, code: str, **params: Any) -> None:
        """Refuse; in a rehearsal note the rule that is broken and go on to the next one.

        For rules whose breach leaves the later ones something to judge.  Raises Refusal.
        """
        refusal = Refusal(code, **params)
        if self.faults is None:
            raise refusal
        self.faults.append(refusal)

    def attempt(self, judge: Callable[[], V]) -> V | None:
        """What a rule gives; in a rehearsal None where it refuses, which is noted.

        For what the later rules can be judged without.  Raises Refusal.
        """
        try:
            return judge()
        except Refusal as refusal:
            if self.faults is None:
                raise
            self.faults.append(refusal)
            return None

    def within(self, place: str, act: Callable[[], V]) -> V:
        """Judge a part of the body: what is refused of it names its field from the body's root.

        Raises Refusal.
        """
        known = len(self.faults or ())
        try:
            return act()
        except Refusal as refusal:
            raise _placed(refusal, place) from refusal
        finally:
            if self.faults is not None:
                self.faults[known:] = [_placed(fault, place) for fault in self.faults[known:]]

    def put(self, kind: Kind, row: Row) -> None:
        """Insert or replace a row; one that is called after the statement must be there."""
        if self._called(kind, row) and self.get(kind, *kind.key_of(row)) is None:
            raise BrokenInvariant("named-row-put", kind=kind.name, type=self.type)
        self._state.put(kind, row)

    def create(self, kind: Kind, row: Row) -> None:
        """Put a row under a name that a statement chose: another party may have used it before.

        A statement's id is its author's alone, so a row that is called after it must look.
        Raises Refusal ``id-taken``.
        """
        key = kind.key_of(row)
        if self.get(kind, *key) is not None:
            raise Refusal("id-taken", kind=kind.name, key="/".join(map(str, key)))
        self._state.insert(kind, row)

    def insert(self, kind: Kind, row: Row) -> None:
        """Put a row under a key that is known to be free, without reading."""
        if self._called(kind, row):
            raise BrokenInvariant("named-row-put", kind=kind.name, type=self.type)
        self._state.insert(kind, row)

    def _called(self, kind: Kind, row: Row) -> bool:
        """Whether a part of the row's key is the statement's id, or that with something behind it.

        Nobody but its author has used an id, so that such a row must come by ``create``.
        """
        for name in kind.key:
            part = row[name]
            if part.__class__ is str and part.startswith(self.id):
                return True
        return False

    def delete(self, kind: Kind, *key: Any) -> None:
        """Remove a row."""
        self._state.delete(kind, *key)

    def add(self, kind: Kind, *key: Any, **amounts: int) -> None:
        """Post signed amounts to a row."""
        self._state.add(kind, key, **amounts)

    def concern(self, party: str, salt: str) -> None:
        """Salt the part of ``party`` from a secret that this party itself stated earlier."""
        self.salts.setdefault(party, salt)

    def emit(self, event: str, **params: Any) -> None:
        """Tell the rooms above, which react within this same outcome."""
        self.events.append({"event": event, **params})
        self.engine.react(self, event, params)

    @property
    def engine_version(self) -> int:
        """The engine version that the ledger has activated before this statement."""
        return self.engine.version(self._state, self._ledger)

    def tally(self, type: str, amount: int) -> int:
        """What has been stated of a type within one statement so far, this amount included."""
        self._tallies[type] = total = self._tallies.get(type, 0) + amount
        return total

    def sub(self, suffix: str, type: str, salt: str | None) -> Context:
        """The same decision for one operation of a batch."""
        return self._inner(f"{self.id}/{suffix}", type, self.public, salt or self.salt)

    def sealed(self) -> Context:
        """The same decision for what follows from it behind the leaf."""
        inner = self._inner(self.id, self.type, False, self.salt)
        inner.events = []
        return inner

    def _inner(self, id: str, type: str, public: bool, salt: str | None) -> Context:
        inner = Context(
            self.engine,
            self._state,
            at=self.at,
            index=self.index,
            party=self.party,
            ledger=self._ledger,
            id=id,
            type=type,
            public=public,
            salt=salt,
            signers=self.signers,
            faults=self.faults,
        )
        inner.events = self.events
        inner.salts = self.salts
        inner._tallies = self._tallies
        return inner


def people(signers: tuple[Signer, ...]) -> set[str]:
    """The distinct natural persons among signers."""
    return {signer.person for signer in signers}


Body = Mapping[str, Any]


def _placed(refusal: Refusal, place: str) -> Refusal:
    """A refusal of a part of the body, told of the whole."""
    field = refusal.params.get("field")
    if field is None:
        return refusal
    return Refusal(refusal.code, **{**refusal.params, "field": f"{place}/{field}"})
