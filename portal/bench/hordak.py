"""(c): django-hordak, a double-entry ledger for Django, where it is installed.

It runs in a process of its own, since Django's settings belong to a process.  A transfer is its
own ``Account.transfer_to`` in one transaction, from eight threads, between fifty accounts.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from portal.bench.figures import Row, row
from portal.bench.postgres import Server

THREADS, ACCOUNTS = 8, 50
NAME = "(c) django-hordak"


def installed() -> bool:
    """Whether django-hordak can be measured here (make setup-bench)."""
    return all(find_spec(name) for name in ("django", "hordak"))


def measured(server: Server, database: str, seconds: int) -> Row:
    """Its rate in an empty database; raises RuntimeError where it fails or loses a transfer."""
    command = [sys.executable, "-m", __name__, str(server.sockets), database, str(seconds)]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=seconds + 120
    )
    if done.returncode:
        raise RuntimeError(f"{NAME}: {done.stderr[-500:]}")
    found = json.loads(done.stdout)
    if found["kept"] != len(found["waits"]):
        raise RuntimeError(f"{NAME}: {found['kept']} kept of {len(found['waits'])}")
    return row(NAME, 1, found["waits"], found["seconds"])


def run(sockets: str, database: str, seconds: int) -> dict[str, Any]:
    """Set Django up, transfer for so many seconds, count what is there."""
    # By name, since only a machine set up for measurements has them.
    import_module("django.conf").settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": database,
                "HOST": sockets,
                "USER": "postgres",
            }
        },
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "mptt",
            "djmoney",
            "hordak",
        ],
        DEFAULT_CURRENCY="CNY",
        CURRENCIES=["CNY"],
        USE_TZ=True,
        SECRET_KEY="only for a measurement",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    )
    import_module("django").setup()
    import_module("django.core.management").call_command("migrate", verbosity=0)
    models = import_module("hordak.models")
    accounts = [
        models.Account.objects.create(
            name=f"account {n}", code=str(n), type=models.AccountType.asset, currencies=["CNY"]
        )
        for n in range(1, ACCOUNTS + 1)
    ]
    waits, took = _transfer(accounts, seconds)
    return {"waits": waits, "seconds": took, "kept": models.Transaction.objects.count()}


def _transfer(accounts: list[Any], seconds: int) -> tuple[list[float], float]:
    database = import_module("django.db")
    one = import_module("moneyed").Money(1, "CNY")
    waits: list[float] = []
    faults: list[BaseException] = []
    begun = time.monotonic()

    def loop() -> None:
        chance = random.Random()
        try:
            while (sent := time.monotonic()) < begun + seconds:
                source, target = chance.sample(accounts, 2)
                with database.transaction.atomic():
                    source.transfer_to(target, one)
                waits.append(time.monotonic() - sent)
        except BaseException as error:
            faults.append(error)
        finally:
            database.connection.close()

    started = [threading.Thread(target=loop) for _ in range(THREADS)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    if faults:
        raise faults[0]
    return waits, time.monotonic() - begun


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
