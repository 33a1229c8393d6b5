"""What every test gets: a clean environment, a home of its own, a database of its own."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import databases, swiftness

# A busy machine is no failure: neither deadlines nor slow generation say anything about a rule.
# Draws are a function of the test, so that a change is refused for what it does and a green run is
# green again; the profiles that search draw by the seed (docs/decisions/0023).
_QUIET = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("fixed", _QUIET, derandomize=True)
settings.register_profile("search", _QUIET)
settings.register_profile("deep", _QUIET, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))

ON_REQUEST = ("browser", "faults")
DATABASES = {"database_url", "migrated_database_url", "vacant_database_url"}
SEED = "QINGZHANG_TEST_SEED"
KEPT = ("QINGZHANG_TEST_", "QINGZHANG_SHARED")
MEMORY, ROOM_BYTES = "/dev/shm", 4 << 30
FOLDERS = "PYTEST_DEBUG_TEMPROOT"  # where pytest makes the tests' folders


def pytest_configure(config: pytest.Config) -> None:
    """Choose the seed and start PostgreSQL, once a session: the workers inherit both."""
    os.environ.setdefault(SEED, str(random.SystemRandom().randrange(2**32)))
    if config.getoption("hypothesis_seed") is None:
        config.option.hypothesis_seed = os.environ[SEED]
    within = None
    if "faults" not in config.getoption("markexpr") and in_memory(MEMORY):
        within = MEMORY
        os.environ.setdefault(FOLDERS, MEMORY)
    if databases.wanted() == "postgres" and not hasattr(config, "workerinput"):
        config.add_cleanup(databases.start_postgres(within))


def pytest_collection_finish() -> None:
    swiftness.share_statements()
    swiftness.set_aside()


def in_memory(folder: str) -> bool:
    """Whether tests may write there, where no commit waits for a disk; those of faults never do."""
    if not os.access(folder, os.W_OK):
        return False
    about = os.statvfs(folder)
    return not about.f_flag & os.ST_NOEXEC and about.f_bavail * about.f_frsize >= ROOM_BYTES


def pytest_report_header() -> str:
    return f"database: {databases.wanted()}, {SEED}={os.environ[SEED]}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what was not asked for, so that nothing is reported as skipped."""
    expression = config.getoption("markexpr")
    kept, left = [], []
    for item in items:
        if not DATABASES.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker("database")
        unasked = any(item.get_closest_marker(m) and m not in expression for m in ON_REQUEST)
        no_server = item.get_closest_marker("postgres") and databases.wanted() != "postgres"
        (left if unasked or no_server else kept).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept


def foreign_settings(names: Iterable[str]) -> list[str]:
    """Name the settings of the program that somebody's shell brought along."""
    return [n for n in names if n.startswith("QINGZHANG_") and not n.startswith(KEPT)]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of the machine must not reach a test."""
    for name in foreign_settings(os.environ):
        monkeypatch.delenv(name)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty QINGZHANG_HOME."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def database_url(tmp_path: Path) -> Iterator[str]:
    """An empty database of this test's own; QINGZHANG_TEST_DATABASE says of which kind."""
    with databases.fresh(tmp_path) as url:
        yield url


@pytest.fixture
def vacant_database_url(tmp_path: Path) -> Iterator[str]:
    """The address of a database that `begin` is about to make, of the kind that this run uses."""
    with databases.vacant(tmp_path) as url:
        yield url


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database that is only ever copied: migrating takes longer than copying."""
    with databases.fresh(tmp_path_factory.mktemp("template")) as url:
        import_module("migrations.run").migrate(url)  # not before a test needs tables
        yield url


@pytest.fixture
def migrated_database_url(tmp_path: Path, _template: str) -> Iterator[str]:
    """A database of this test's own with all tables and no rows."""
    with databases.fresh(tmp_path, _template) as url:
        yield url


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """Chance that QINGZHANG_TEST_SEED repeats; each test has its own, whatever ran before it."""
    return random.Random(f"{os.environ[SEED]} {request.node.nodeid}")
