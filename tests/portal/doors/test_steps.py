"""What was said of a project, on its page, by API and shell: who answered, what was taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from portal.app import create_app
from portal.cli import main
from tests.factories.scene import ProjectDesign, Scene, scene

NOTICE = {"subject": "project", "name": "P1"}


@pytest.fixture
def stage(home: Path, vacant_database_url: str) -> Iterator[Scene]:
    """Two answers of the engaged body to one comment; two more at the site, one taken back."""
    with scene(home, vacant_database_url) as opened:
        opened.cast()
        opened.do("owner", "project.submit", ProjectDesign(site="plot"), "a")
        opened.do("buyer", "project.submit", ProjectDesign(project="P2", site="plot"), "a")
        opened.do("owner", "verifier.engage", {**NOTICE, "verifier": "vvb1"}, "a")
        notice = opened.do("owner", "notice.open", NOTICE, "a")
        said = opened.do("buyer", "notice.comment", {"notice": notice, "text": "地块重叠"}, "a")
        for text in ("已核对，无重叠", "边界图已补充"):
            opened.do("vvb1", "notice.answer", {"comment": said, "text": text}, "a", "b")
        opened.do("buyer", "project.submit", ProjectDesign(project="P3", site="plot3"), "a")
        back = {"subject": "project", "name": "P3", "reason": "选址变更"}
        opened.do("buyer", "submission.withdraw", back, "a", "b")
        yield opened


@pytest.fixture
def client(stage: Scene) -> FlaskClient:
    return create_app(stage.ledger, stage.clock).test_client()


def test_the_api_tells_who_answered_when_and_by_which_entry(client: FlaskClient) -> None:
    told = client.get("/v1/projects/P1/steps").json
    ((comment,),) = [notice["comments"] for notice in told["notices"]]
    first, second = comment["answers"]
    assert (first["verifier"], first["text"]) == ("vvb1", "已核对，无重叠")
    assert (first["answered"], second["index"]) == ("2026-01-01", first["index"] + 1)
    assert client.get(f"/v1/entries/{first['index']}").status_code == 200
    assert [row["project"] for row in told["neighbours"]] == ["P2"]
    assert [row["verifier_name"] for row in told["engagements"]] == ["vvb1"]
    assert client.get("/v1/projects/P3/steps").json["retractions"][0]["reason"] == "选址变更"
    missing = client.get("/v1/projects/P9/steps")
    assert (missing.status_code, missing.json["code"]) == (404, "project-unknown")


@pytest.mark.parametrize(
    ("language", "words", "back"),
    [
        ("zh", ("处理情况", "委托审定与核查", "同一地点的其他项目"), "业主已撤回"),
        ("en", ("Answer", "Bodies engaged", "Other projects at this site"), "Taken back"),
    ],
)
def test_the_page_shows_each_answer_with_its_author(
    client: FlaskClient, language: str, words: tuple[str, ...], back: str
) -> None:
    page = client.get(f"/projects/P1?lang={language}").text
    for shown in (*words, "已核对，无重叠", "边界图已补充", f'/parties/vvb1?lang={language}"'):
        assert shown in page, shown
    taken = client.get(f"/projects/P3?lang={language}").text
    assert back in taken and "选址变更" in taken


@pytest.mark.usefixtures("stage")
def test_the_shell_tells_the_same(
    client: FlaskClient, home: Path, vacant_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QINGZHANG_HOME", str(home))
    monkeypatch.setenv("QINGZHANG_DATABASE_URL", vacant_database_url)
    shown = CliRunner().invoke(main, ["project", "show", "P1", "--json"])
    told = json.loads(shown.stdout)
    assert told.pop("project")["project"] == "P1"
    steps = client.get("/v1/projects/P1/steps").json
    assert told == {name: steps[name] for name in steps if name != "project"}
    lines = CliRunner().invoke(main, ["project", "show", "P1"]).stdout
    assert "site also of P2" in lines and "已核对，无重叠" in lines
    assert CliRunner().invoke(main, ["project", "show", "P9"]).exit_code == 1
