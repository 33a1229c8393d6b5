"""One fault, one run of the real program, and what of its promises did not hold."""

from __future__ import annotations

import http.client
import os
import random
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from portal.config import Settings
from tests.faults.homes import AGAIN, Template, wrongs
from tests.faults.tracing import Fault, counted, environment, struck, traced
from tests.portal.processes.harness import SECONDS, free_port, gone, identity, wait_until

PROGRAM = ("-c", "from portal.cli import main; main()")
SAMPLE = "QINGZHANG_TEST_SAMPLE"


def planted(fault: str) -> tuple[str, ...]:
    """The program with a fault of that name in it."""
    return ("-m", "tests.faults.planted", fault)


def positions(count: int, rng: random.Random) -> list[int]:
    """Every turn from 1 to ``count``, or as many by chance as QINGZHANG_TEST_SAMPLE asks for."""
    wanted = int(os.environ.get(SAMPLE, count))
    return sorted(rng.sample(range(1, count + 1), min(wanted, count)))


@dataclass
class Trial:
    """What came of a run: ids acknowledged, answers that were no answers, and whether it struck."""

    fault: Fault | None
    settings: Settings
    said: list[bytes]
    acknowledged: list[str] = field(default_factory=list)
    untyped: list[str] = field(default_factory=list)
    calls: dict[str, int] = field(default_factory=dict)
    struck: bool = False

    def wrongs(self) -> list[str]:
        """Promises that did not hold, each with the fault that showed it."""
        found = self.untyped + wrongs(self.settings, self.said, self.acknowledged)
        return [f"{self.fault}: {what}" for what in found]


def submitted(
    template: Template, folder: Path, fault: Fault | None, program: tuple[str, ...] = PROGRAM
) -> Trial:
    """``qingzhang statement submit`` of everything in one file, with a fault."""
    settings, out = template.copy(folder / "home"), folder / "trace"
    stated = folder / "statements.ndjson"
    stated.write_bytes(b"".join(data + b"\n" for data in template.said))
    command = [*program, "statement", "submit", str(stated), "--json"]
    done = subprocess.run(
        [*traced(settings, out, fault), sys.executable, *command],
        env=environment(settings), capture_output=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    trial = Trial(fault, settings, template.said, calls=counted(out), struck=struck(out))
    if done.stdout:
        answers = zip(template.said, orjson.loads(done.stdout), strict=True)
        trial.acknowledged += [identity(data) for data, told in answers if told["status"] in AGAIN]
    if b"Traceback" in done.stderr:
        trial.untyped.append(done.stderr.decode().splitlines()[-1])
    if done.returncode not in (0, 1, -signal.SIGKILL):
        trial.untyped.append(f"exit {done.returncode}")
    return trial


def served(
    template: Template, folder: Path, fault: Fault | None, program: tuple[str, ...] = PROGRAM
) -> Trial:
    """``qingzhang serve``, asked to take everything one by one, with a fault."""
    settings, out, port = template.copy(folder / "home"), folder / "trace", free_port()
    trial = Trial(fault, settings, template.said)
    command = [*program, "serve", "--port", str(port)]
    with (folder / "stderr").open("wb") as stderr:
        tracer = subprocess.Popen(
            [*traced(settings, out, fault), sys.executable, *command],
            env=environment(settings), stderr=stderr,
        )  # fmt: skip
    try:
        wait_until(lambda: tracer.poll() is not None or post(port, b"") is not None)
        for data in template.said:
            if tracer.poll() is None:
                _note(trial, data, post(port, data))
        for number in traced_by(tracer.pid):
            os.kill(number, signal.SIGTERM)
        code = tracer.wait(SECONDS)
    finally:
        tracer.kill()
    trial.calls, trial.struck = counted(out), struck(out)
    if code not in (0, 1, -signal.SIGKILL):
        trial.untyped.append(f"exit {code}")
    return trial


def _note(trial: Trial, data: bytes, answer: tuple[int, dict[str, object]] | None) -> None:
    """Take an answer down: acknowledged, or an error that says whether to send it again."""
    if answer is None:
        return  # nobody answered
    status, problem = answer
    if status in (200, 201):
        trial.acknowledged.append(identity(data))
    elif status != 503 or not problem.get("code") or problem.get("retry") is not True:
        trial.untyped.append(f"{status} {problem}")


def post(port: int, data: bytes) -> tuple[int, dict[str, object]] | None:
    """Status and content of an answer, or None where the connection failed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("POST", "/v1/statements", data, {"Content-Type": "application/json"})
        with connection.getresponse() as answer:
            return answer.status, orjson.loads(answer.read())
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def traced_by(tracer: int) -> list[int]:
    """The process that strace has started, while it runs."""
    children = Path(f"/proc/{tracer}/task/{tracer}/children")
    found = children.read_text().split() if children.exists() else []
    return [int(number) for number in found if not gone(int(number))]
