"""Software that this project did not write reads its logs, and refuses every planted fault."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import leaf_hash, tree_root
from ledger.log.note import COSIGNATURE, Verifier, cosign
from tests.judge.build import judge, needs_judge
from tests.ledger.log.throwaway import KEY, ORIGIN, VKEY, Folder, entry
from tests.shared import SHARED, needs_shared

pytestmark = needs_judge

SIZES = (1, 255, 256, 257, 1000)
TESSERA = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
OTHER = Verifier(ORIGIN, bytes(31) + b"\x09").vkey


@pytest.fixture
def log(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "log", SIZES)


def passes(*words: str | Path) -> str:
    good, line = judge(*words)
    assert good, line
    return line


def refuses(*words: str | Path) -> str:
    good, line = judge(*words)
    assert not good, line
    return line


@pytest.mark.parametrize("size", SIZES)
def test_logs_of_every_shape_pass(tmp_path: Path, size: int) -> None:
    folder = Folder(tmp_path, [size])
    assert passes("log", folder.place, VKEY).startswith(f"PASS: {size} entries")


def test_a_log_with_full_tiles_on_level_one_passes_with_all_older_parts(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "log", (*SIZES, 65_536, 70_000))
    # 274 on level 0, 2 on level 1, 1 on level 2, as tlog-tiles counts for 70,000
    assert passes("log", folder.place, VKEY).startswith("PASS: 70000 entries, 277 tiles")
    for size, note in folder.notes.items():
        old = tmp_path / f"old.{size}"
        old.write_text(note, "utf-8")
        assert passes("consistency", folder.place, VKEY, old) == f"PASS: 70000 extends {size}"


@needs_shared
def test_the_log_that_tessera_wrote_passes() -> None:
    assert SHARED is not None
    place = SHARED / "vectors/tessera-testdata/testdata/log"
    assert passes("log", place, TESSERA).startswith("PASS: 15 entries")
    for size in range(16):
        passes("consistency", place, TESSERA, place / f"checkpoint.{size}")


@pytest.mark.parametrize("index", [0, 1, 254, 255, 256, 767, 998, 999])
def test_receipts_pass(log: Folder, tmp_path: Path, index: int) -> None:
    (tmp_path / "entry").write_bytes(entry(index))
    (tmp_path / "proof").write_text(log.receipt(index), "utf-8")
    said = passes("receipt", tmp_path / "entry", tmp_path / "proof", VKEY)
    assert said == f"PASS: entry {index} of 1000"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def test_a_served_log_passes_and_a_damaged_one_does_not(log: Folder) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(log.place))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            url = f"http://127.0.0.1:{server.server_port}/"
            assert passes("log", url, VKEY).startswith("PASS: 1000 entries")
            change("tile/0/002")(log)
            refuses("log", url, VKEY)
            remove("tile/entries/001")(log)
            refuses("log", url, VKEY)
        finally:
            server.shutdown()
            thread.join()


def change(path: str) -> Callable[[Folder], None]:
    """One bit of a file turned."""

    def fault(log: Folder) -> None:
        data = bytearray((log.place / path).read_bytes())
        data[-1] ^= 1
        log.write(path, bytes(data))

    return fault


def remove(path: str) -> Callable[[Folder], None]:
    return lambda log: (log.place / path).unlink()


def edit_size(log: Folder) -> None:
    log.write("checkpoint", log.notes[1000].replace("\n1000\n", "\n999\n").encode())


def sign_other_root(log: Folder) -> None:
    log.write("checkpoint", Checkpoint(ORIGIN, 1000, bytes(32)).sign(KEY).encode())


FAULTS = {
    "an entry changed": change("tile/entries/001"),
    "an entry of the last bundle changed": change("tile/entries/003.p/232"),
    "a full tile changed": change("tile/0/002"),
    "a partial tile changed": change("tile/0/003.p/232"),
    "a tile of level 1 changed": change("tile/1/000.p/3"),
    "an older partial tile changed": change("tile/0/000.p/255"),
    "an older partial bundle changed": change("tile/entries/000.p/255"),
    "a bundle missing": remove("tile/entries/002"),
    "a tile missing": remove("tile/0/001"),
    "the size edited": edit_size,
    "a root that is not the entries' signed with the real key": sign_other_root,
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_damaged_log_is_refused(log: Folder, fault: Callable[[Folder], None]) -> None:
    passes("log", log.place, VKEY)
    fault(log)
    refuses("log", log.place, VKEY)


def test_a_fork_signed_with_the_real_key_is_refused(log: Folder, tmp_path: Path) -> None:
    hashes = [leaf_hash(entry(index)) for index in range(256)]
    hashes[7] = leaf_hash(b"another history")
    fork = Checkpoint(ORIGIN, 256, tree_root(hashes)).sign(KEY)
    (tmp_path / "fork").write_text(fork, "utf-8")
    (tmp_path / "true").write_text(log.notes[256], "utf-8")
    passes("consistency", log.place, VKEY, tmp_path / "true")
    refuses("consistency", log.place, VKEY, tmp_path / "fork")


def test_a_log_that_shrank_is_refused(log: Folder, tmp_path: Path) -> None:
    (tmp_path / "newer").write_text(log.notes[1000], "utf-8")
    log.write("checkpoint", log.notes[257].encode())
    assert "shrank" in refuses("consistency", log.place, VKEY, tmp_path / "newer")


def test_another_entry_and_another_key_are_refused(log: Folder, tmp_path: Path) -> None:
    (tmp_path / "proof").write_text(log.receipt(256), "utf-8")
    (tmp_path / "entry").write_bytes(entry(256))
    (tmp_path / "wrong").write_bytes(entry(257))
    passes("receipt", tmp_path / "entry", tmp_path / "proof", VKEY)
    refuses("receipt", tmp_path / "wrong", tmp_path / "proof", VKEY)
    refuses("receipt", tmp_path / "entry", tmp_path / "proof", OTHER)
    refuses("log", log.place, OTHER)


def test_cosignatures_are_judged_by_x_mod(log: Folder, tmp_path: Path) -> None:
    keys = [Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2)]
    vkeys = [Verifier("w", key.public_key().public_bytes_raw(), COSIGNATURE).vkey for key in keys]
    text = log.notes[1000].split("\n\n")[0] + "\n"
    note = tmp_path / "note"
    note.write_text(log.notes[1000] + "".join(cosign(text, "w", key, 5) for key in keys), "utf-8")
    assert passes("cosigned", note, VKEY, *vkeys) == "PASS: 2 witnesses at 1000"
    note.write_text(log.notes[1000] + cosign(text, "w", keys[0], 5), "utf-8")
    passes("cosigned", note, VKEY, vkeys[0])
    refuses("cosigned", note, VKEY, *vkeys)
    refuses("cosigned", note, VKEY, vkeys[1])
    note.write_text(log.notes[1000] + cosign(text[:-3] + "A=\n", "w", keys[0], 5), "utf-8")
    refuses("cosigned", note, VKEY, vkeys[0])
    note.write_text(cosign(text, "w", keys[0], 5), "utf-8")
    refuses("cosigned", note, VKEY, vkeys[0])
