"""What a disk holds when the power has gone: what was synced, and some of what was written since.

Made from a recording of the program's own calls. A file or name that was never synced may be there
or not; so may each page written since; a page may be there in part.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

CALLS = ("openat", "pwrite64", "write", "ftruncate", "fdatasync", "fsync", "unlink", "sendto")
_LINE = re.compile(r"(\d+) +(.*)")
_CALL = re.compile(r"(\w+)\((.*)\) += (-?\d+)")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_HANDLE = re.compile(r"(\d+)<((?:\\x[0-9a-f]{2})*)>")
SECTOR = 512


@dataclass(frozen=True)
class Call:
    """One finished call: its name, the path that it concerns, data, offset or size, result."""

    name: str
    path: str
    data: bytes = b""
    number: int = 0
    new: bool = False


def recorded(text: str) -> Iterator[Call]:
    """Read what strace wrote with -f -y -xx and unlimited strings; calls in order of their end."""
    begun: dict[str, str] = {}
    for line in text.splitlines():
        thread, said = _LINE.fullmatch(line).groups()  # type: ignore[union-attr]  # strace's form
        if said.endswith("<unfinished ...>"):
            begun[thread] = said.removesuffix("<unfinished ...>").rstrip()
            continue
        if resumed := re.match(r"<\.\.\. \w+ resumed>", said):
            said = begun.pop(thread) + said[resumed.end() :]
        found = _CALL.match(said)
        if found and int(found[3]) >= 0:
            yield _call(found[1], found[2], int(found[3]))


def _call(name: str, arguments: str, result: int) -> Call:
    strings = [bytes.fromhex(s.replace("\\x", "")) for s in _STRING.findall(arguments)]
    if name in ("openat", "unlink"):
        return Call(name, strings[0].decode(), new="O_CREAT" in arguments)
    handle = _HANDLE.match(arguments)
    path = bytes.fromhex(handle[2].replace("\\x", "")).decode() if handle else ""
    data = strings[0][:result] if strings else b""
    last = arguments.rpartition(", ")[2]
    return Call(name, path, data, int(last) if last.isdecimal() else 0)


@dataclass
class File:
    """The bytes that a sync has made sure of, and what has been done to the file since."""

    synced: bytes = b""
    since: list[Call] = field(default_factory=list)
    named: bool = True

    def now(self) -> bytes:
        return applied(self.synced, self.since)


def applied(content: bytes, calls: list[Call]) -> bytes:
    """The content after some writes."""
    held = bytearray(content)
    for call in calls:
        if call.name == "ftruncate":
            held = held[: call.number].ljust(call.number, b"\0")
            continue
        start = len(held) if call.name == "write" else call.number  # only appended files use write
        held.extend(bytes(max(0, start - len(held))))
        held[start : start + len(call.data)] = call.data
    return bytes(held)


class Disk:
    """The files below a folder as a recording changes them, and what of them is sure to stay.

    A change of names is sure once the folder has been synced. Files of shared memory are left out:
    after a power cut nobody has them open.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files = {str(p): File(p.read_bytes()) for p in folder.rglob("*") if p.is_file()}
        self._unlinked: dict[str, File] = {}

    def take(self, call: Call) -> None:
        """Let a call happen."""
        if not call.path.startswith(str(self.folder)) or call.path.endswith("-shm"):
            return
        file = self._files.get(call.path)
        if call.name == "openat":
            if call.new and file is None:
                self._files[call.path] = File(named=False)
        elif call.name == "unlink":
            if file is not None:
                self._unlinked[call.path] = self._files.pop(call.path)
        elif call.name in ("fdatasync", "fsync"):
            if file is not None:
                file.synced, file.since = file.now(), []
            elif call.path == str(self.folder):
                self._unlinked.clear()
                for other in self._files.values():
                    other.named = True
        elif file is not None:
            file.since.append(call)

    def after_power_loss(self, rng: random.Random | None, target: Path) -> None:
        """Write into ``target`` what may be left; without chance, what was synced and no more."""
        for path, file in {**self._unlinked, **self._files}.items():
            if not file.named and (rng is None or rng.random() < 0.5):
                continue
            place = target / Path(path).relative_to(self.folder)
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            place.write_bytes(applied(file.synced, survivors(file.since, rng)))
            place.chmod(0o600)


def survivors(calls: list[Call], rng: random.Random | None) -> list[Call]:
    """Which of the writes since the last sync have reached the disk: any of them, in any part."""
    if rng is None:
        return []
    kept = [call for call in calls if rng.random() < 0.5]
    return [replace(call, data=torn(call.data, rng)) for call in kept]


def torn(data: bytes, rng: random.Random) -> bytes:
    """All of a write, or its first sectors."""
    if len(data) <= SECTOR or rng.random() < 0.7:
        return data
    return data[: SECTOR * rng.randrange(1, -(-len(data) // SECTOR))]
