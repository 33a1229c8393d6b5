"""What is installed is what lies here: pinned requirements, a whole wheel, vendored files."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests import tree

PROJECT = tomllib.loads((tree.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
ALWAYS = [*PROJECT["dependencies"], *EXTRAS["postgres"], *EXTRAS["server"], *EXTRAS["build"]]
NEEDED = {
    "runtime": ALWAYS,
    "development": [*ALWAYS, *EXTRAS["dev"]],
    "bench": [*ALWAYS, *EXTRAS["bench"]],
}
PIN = re.compile(r"^([\w.-]+)==(\S+)( ; .+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def pins(text: str) -> dict[str, set[str]]:
    """Read a requirements file: name to versions; a line that is no pin or hash is refused."""
    found: dict[str, set[str]] = {}
    for line in text.splitlines():
        pin = PIN.match(line)
        if pin:
            found.setdefault(canonical(pin[1]), set()).add(pin[2])
        elif not HASH.match(line):
            raise ValueError(f"neither a pin with hashes nor a hash: {line!r}")
    return found


def canonical(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def pinned(name: str) -> dict[str, set[str]]:
    return pins((tree.ROOT / "requirements" / f"{name}.txt").read_text("utf-8"))


@pytest.mark.parametrize("line", ["flask", "flask==3.1.3", "flask>=3 \\", "-r other.txt"])
def test_a_requirement_without_version_or_hash_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="neither a pin"):
        pins(line)


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_what_the_project_declares_is_pinned(name: str) -> None:
    have = pinned(name)
    for requirement in map(Requirement, NEEDED[name]):
        versions = have[canonical(requirement.name)]
        assert all(v in requirement.specifier for v in versions), requirement


@pytest.mark.parametrize("name", ["development", "bench"])
def test_the_program_runs_on_the_versions_that_it_was_tested_with(name: str) -> None:
    runtime, other = pinned("runtime"), pinned(name)
    assert {p: other[p] for p in runtime} == runtime


def test_no_lock_file_lies_here() -> None:
    assert not (tree.ROOT / "uv.lock").exists()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=tree.ROOT, check=True, capture_output=True, timeout=100)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_holds_every_file_of_the_packages_and_no_other(wheel: zipfile.ZipFile) -> None:
    inside = {n for n in wheel.namelist() if ".dist-info/" not in n}
    assert inside == {tree.name(path) for path in tree.files(*tree.PACKAGES)}


def test_the_wheel_brings_command_and_licence(wheel: zipfile.ZipFile) -> None:
    texts = {n.partition("/")[2]: wheel.read(n).decode() for n in wheel.namelist() if "info/" in n}
    assert "qingzhang = portal.cli:main" in texts["entry_points.txt"]
    assert texts["licenses/LICENSE"] == (tree.ROOT / "LICENSE").read_text("utf-8")


def vendor_faults(folder: Path) -> list[str]:
    """Compare a folder of vendored files with its VENDOR.toml: [[asset]] file, name, version,
    licence, sha256."""
    assets = tomllib.loads((folder / "VENDOR.toml").read_text("utf-8"))["asset"]
    listed = {asset["file"]: asset for asset in assets}
    there = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    del there["VENDOR.toml"]
    faults = [f"{name}: not listed" for name in there.keys() - listed.keys()]
    faults += [f"{name}: not there" for name in listed.keys() - there.keys()]
    for name in there.keys() & listed.keys():
        faults += [
            f"{name}: no {k}" for k in ("name", "version", "licence") if k not in listed[name]
        ]
        if hashlib.sha256(there[name].read_bytes()).hexdigest() != listed[name].get("sha256"):
            faults.append(f"{name}: another checksum")
    return sorted(faults)


def test_a_vendored_file_that_changed_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("")
    (tmp_path / "b.js").write_text("")
    asset = '[[asset]]\nname = "a"\nversion = "1"\nlicence = "MIT"\nfile = "{}"\nsha256 = "{}"\n'
    empty = hashlib.sha256(b"").hexdigest()
    folder = tmp_path / "VENDOR.toml"
    folder.write_text(asset.format("a.js", empty) + asset.format("b.js", empty))
    assert vendor_faults(tmp_path) == []
    (tmp_path / "a.js").write_text("alert()")
    (tmp_path / "b.js").rename(tmp_path / "c.js")
    assert vendor_faults(tmp_path) == [
        "a.js: another checksum", "b.js: not there", "c.js: not listed",
    ]  # fmt: skip


def test_vendored_files_are_what_their_makers_published() -> None:
    folders = {p for p in (tree.ROOT / "portal").rglob("vendor") if p.is_dir()}
    assert {tree.name(f): vendor_faults(f) for f in folders} == {tree.name(f): [] for f in folders}
