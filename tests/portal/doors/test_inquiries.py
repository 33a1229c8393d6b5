"""A list is uploaded, answered part by part though nobody looks, and taken away as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from incentives.rules.packaged import golden_text, rule_text
from ledger.parties.models import PARTY
from ledger.statements.ed25519 import key_id, public_bytes
from portal.app import create_app
from portal.doors import inquiries
from portal.ops import inquiries as module
from portal.ops.inquiries import Inquiries, Inquiry
from tests.factories.market import BANK
from tests.factories.policy import publish_rule
from tests.factories.scene import scene
from tests.portal.doors.test_answers import World, prepared

BULK = "/desk/incentives/bulk"
LIST = "party,on\nowner,\nbuyer,\nnobody,\n"
MADE = Inquiry("a" * 32, "bank", "b" * 32, "list.csv", "utf-8", "2025-12-31", 9, None, 3, 0, 1)


@pytest.fixture
def world(home: Path) -> Iterator[World]:
    with scene(home, None) as stage:
        yield prepared(stage)


def upload(
    world: World,
    reader: str = "regulator",
    text: str | bytes = LIST,
    name: str = "list.csv",
    **more: str,
) -> Any:
    data = text.encode() if isinstance(text, str) else text
    form = {"list": (io.BytesIO(data), name), "on": "2025-12-31", **more}
    return world.client.post(f"{BULK}?lang=en", data=form, headers=world.readers[reader])


def get(world: World, path: str, reader: str = "regulator", status: int = 200) -> Any:
    answer = world.client.get(path, headers=world.readers[reader])
    assert answer.status_code == status, answer.text
    return answer


def rows(world: World, path: str, reader: str = "regulator") -> list[dict[str, str]]:
    text = get(world, path.replace("?", "/answers.csv?"), reader).text
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_a_list_is_answered_and_taken_away(world: World) -> None:
    answer = upload(world)
    assert answer.status_code == 303
    path = answer.headers["Location"]
    page = get(world, path).text
    assert "3 / 3" in page
    assert "http-equiv" not in page
    assert "<script" not in page
    assert "¥" not in page.partition("<tbody>")[0]
    found = rows(world, path)
    assert [(r["party"], r["status"], r["amount_fen"], r["code"]) for r in found] == [
        ("owner", "yes", "120000", ""),
        ("buyer", "missing", "", ""),
        ("nobody", "", "", "party-unknown"),
    ]
    book = get(world, path.replace("?", "/answers.xlsx?")).data
    assert book.startswith(b"PK")
    assert path.partition("?")[0] in get(world, f"{BULK}?lang=en").text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_remark_refuses_nobody_and_comes_back_with_the_answer(
    world: World, language: str
) -> None:
    text = "party,备注,Our no.\nowner,重点企业,7\nnobody,,8\n"
    path = upload(world, text=text).headers["Location"].replace("lang=en", f"lang={language}")
    page = get(world, path).text
    found = rows(world, path)
    assert [(r["party"], r["carried"], r["code"]) for r in found] == [
        ("owner", "备注: 重点企业; Our no.: 7", ""),
        ("nobody", "Our no.: 8", "party-unknown"),
    ]
    words = {"zh": "以下列不是任何规则的输入项", "en": "Columns that are no input"}[language]
    assert words in page
    assert "备注, Our no." in page


def test_a_name_written_as_an_input_that_no_rule_has_is_a_mistake(world: World) -> None:
    path = upload(world, text="party,staf\nowner,7\n").headers["Location"]
    get(world, path)
    (found,) = rows(world, path)
    assert (found["code"], found["column"]) == ("declared-unknown", "declared.staf")


@pytest.mark.parametrize("name", ["note", "remark", "name"])
def test_a_column_for_readers_is_no_mistake(world: World, name: str) -> None:
    path = upload(world, text=f"party,{name}\nowner,重点\n").headers["Location"]
    get(world, path)
    (found,) = rows(world, path)
    assert (found["code"], found["carried"]) == ("", f"{name}: 重点")


def test_a_row_that_asks_the_same_again_is_counted_once(world: World) -> None:
    """By its id, by its code, or with the day of the list; a row at fault asks nothing."""
    code, other = uscc_of(world, "owner"), uscc_of(world, "buyer")
    text = (
        "party,uscc,on\nowner,,2025/12/31\nowner,,\nowner,,2025-12-30\nowner,,\n"
        f",{code.lower()},\nowner,,2025-12-31\nbuyer,,\nbuyer,{code},\nbuyer,{other},2025-12-31\n"
    )
    path = upload(world, text=text).headers["Location"]
    get(world, path)
    found = [(row["line"], row["code"], row["column"]) for row in rows(world, path)]
    assert found == [
        ("2", "not-a-date", "on"),
        ("3", "", ""),
        ("4", "", ""),
        ("5", "list-repeats", "party"),
        ("6", "list-repeats", "uscc"),
        ("7", "list-repeats", "party"),
        ("8", "", ""),
        ("9", "list-names-differ", "uscc"),
        ("10", "list-repeats", "party"),
    ]


def test_a_rule_that_nobody_knows_is_told_before_the_list_is_kept(world: World) -> None:
    answer = upload(world, rule="nope")
    assert answer.status_code == 400
    assert "No such rule was known then" in answer.text and "nope" in answer.text
    assert upload(world, rule="ept-art13").status_code == 303


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        ("party\nowner\n".encode("utf-16"), "list.csv", "The file is not in UTF-8"),
        (b'party\n"owner\n', "list.csv", "The file is no CSV"),
        (b"PK\x03\x04no", "list.xlsx", "The file is no workbook (XLSX)"),
    ],
)
def test_why_a_file_cannot_be_read_is_told(world: World, data: bytes, name: str, why: str) -> None:
    answer = upload(world, text=data, name=name)
    assert answer.status_code == 400
    assert why in answer.text


def test_one_columns_word_refuses_no_other_rule_and_results_without_a_sum_are_told(
    world: World,
) -> None:
    for name in ("pboc-carbon", "pboc-coal"):
        publish_rule(world.stage, text=rule_text(name), golden=golden_text(name))
    world.sign_in()
    given = {"field": "clean-energy", "loan_on": "2023-05-01", "principal": "10000000"}
    given |= dict.fromkeys(("bank_admitted", "near_lpr", "disclosed", "verified"), "true")
    given["direct_effect"] = "true"
    head = ",".join(("party", "on", *given))
    path = upload(world, text=f"{head}\nowner,2023-06-01,{','.join(given.values())}\n").headers[
        "Location"
    ]
    assert "What the bank may borrow: ¥6,000,000.00" in get(world, path).text
    found = {row["rule"]: row for row in rows(world, path)}
    carbon, coal = found["pboc-carbon"], found["pboc-coal"]
    assert (carbon["status"], coal["status"]) == ("yes", "missing")
    assert "What the bank may borrow: ¥6,000,000.00" in carbon["gives"]
    assert carbon["papers"] == "The bank's disclosure; Report of the third party"
    assert (coal["wanting"], coal["gives"], coal["code"]) == ("field", "", "")
    assert "Field of the loan (field): The value is none of the choices" in coal["unfit"]


def test_a_bank_gets_the_rows_with_consent_and_each_read_is_listed(world: World) -> None:
    world.give()
    path = upload(world, "bank").headers["Location"]
    get(world, path, "bank")
    found = rows(world, path, "bank")
    assert [(r["party"], r["status"], r["code"]) for r in found] == [
        ("owner", "yes", ""),
        ("buyer", "", "party-unknown"),
        ("nobody", "", "party-unknown"),
    ]
    # Answered, looked at when it was done, taken away: each is a read.
    asked = sorted(read["asked"].partition(" ")[0] for read in world.reads())
    assert asked == ["list", "list", "on=2025-12-31"]


def test_what_a_withdrawn_consent_gave_is_told_no_more(world: World) -> None:
    consent = world.give()
    path = upload(world, "bank").headers["Location"]
    get(world, path, "bank")
    world.stage.do("owner", "consent.withdraw", {"consent": consent}, "a")
    before = len(world.reads())
    assert {r["code"] for r in rows(world, path, "bank")} == {"party-unknown"}
    assert "120000" not in get(world, path.replace("?", "/answers.csv?"), "bank").text
    assert "1,200.00" not in get(world, path, "bank").text
    assert len(world.reads()) == before


@pytest.mark.parametrize("name", ["a." + "x" * 300, "a.c\x00sv", "a", "list.csv.exe"])
def test_a_file_is_taken_by_its_suffix_alone(world: World, name: str) -> None:
    answer = upload(world, name=name)
    assert answer.status_code == 400, answer.text
    assert "sheet-suffix" in answer.text or ".xlsx" in answer.text


def test_a_list_is_as_long_as_its_rows_may_be(world: World) -> None:
    row = LIST.splitlines()[1]
    long = "\n".join([LIST.splitlines()[0], *[row] * 20_000])
    assert len(long) > 2 * 65_536  # more than a parser of forms reads at once
    assert upload(world, text=long).status_code == 303


def test_a_file_over_the_limit_of_requests_is_told_the_limit(world: World) -> None:
    form = {"content_type": "multipart/form-data; boundary=b", "data": b"x" * 8_000_001}
    answer = world.client.post(f"{BULK}?lang=en", headers=world.readers["owner"], **form)
    assert answer.status_code == 413
    assert "8000000" in answer.text.replace(",", "")


def test_a_name_that_nobody_can_read_is_no_hindrance(world: World) -> None:
    assert upload(world, name="a\x07b.csv").status_code == 303


def test_a_long_list_goes_on_at_every_look_and_shows_how_far_it_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inquiries, "SECONDS", 0.0)  # one row a look
    path = upload(world).headers["Location"]
    for done in (1, 2, 3, 3):
        page = get(world, path).text
        assert f'value="{done}" max="3"' in page
        assert ('http-equiv="refresh"' in page) is (done < 3)
    assert len(rows(world, path)) == 3


def test_half_a_list_is_given_to_whoever_asks_for_half_and_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inquiries, "SECONDS", 0.0)  # one row a look
    path = upload(world).headers["Location"]
    get(world, path)
    for suffix in ("csv", "xlsx"):
        whole = path.replace("?", f"/answers.{suffix}?")
        refused = get(world, whole, status=409)
        for words in ("list-unfinished", "done: 1", "total: 3", "partial=yes"):
            assert words in refused.text
        given = get(world, f"{whole}&partial=yes")
        name = f'filename="answers-partial-1-of-3.{suffix}"'
        assert name in given.headers["Content-Disposition"]
    assert "/answers.csv?lang=en&amp;partial=yes" in get(world, path).text  # the second row
    found = rows(world, f"{path}&partial=yes")
    assert (found[0]["code"], found[0]["party"]) == ("list-unfinished", "")
    assert found[0]["result"].endswith("2 / 3")
    assert [row["party"] for row in found[1:]] == ["owner", "buyer"]
    assert "partial" not in get(world, path).text
    done = get(world, path.replace("?", "/answers.csv?"))
    assert 'filename="answers.csv"' in done.headers["Content-Disposition"]


def goes_on(world: World) -> bool:
    with world.client.application.app_context():
        return inquiries.go_on()


def test_a_list_goes_on_while_nobody_looks_and_after_a_restart(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inquiries, "SECONDS", 0.0)
    path = upload(world).headers["Location"]
    other = upload(world, "owner", "party\nowner\n").headers["Location"]
    assert [goes_on(world) for _ in range(2)] == [True, True]  # each list in its turn
    again = create_app(world.stage.ledger, world.stage.clock)
    with again.app_context():
        assert [inquiries.go_on() for _ in range(3)] == [True, True, False]
    assert [(r["party"], r["status"]) for r in rows(world, path)] == [
        ("owner", "yes"),
        ("buyer", "missing"),
        ("nobody", ""),
    ]
    assert [row["status"] for row in rows(world, other, "owner")] == ["yes"]


def test_what_goes_on_by_itself_asks_no_more_than_its_key_may(world: World) -> None:
    consent = world.give()
    first = upload(world, "bank", "party\nowner\n").headers["Location"]
    assert goes_on(world)
    assert [row["status"] for row in rows(world, first, "bank")] == ["yes"]
    assert [read["key"] for read in world.reads()] == [key_id_of(world, "bank")] * 2
    world.stage.do("owner", "consent.withdraw", {"consent": consent}, "a")
    second = upload(world, "bank", "party\nowner\n").headers["Location"]
    assert goes_on(world)
    assert [row["code"] for row in rows(world, second, "bank")] == ["party-unknown"]


def test_a_list_of_a_key_that_has_ended_waits_and_keeps_no_other(world: World) -> None:
    path = upload(world, "owner", "party\nowner\n").headers["Location"]
    other = upload(world).headers["Location"]
    key = key_id_of(world, "owner")
    world.stage.do("owner", "key.revoke", {"key": key, "reason": "left"}, "b")
    assert [goes_on(world) for _ in range(3)] == [True, True, False]
    assert len(rows(world, other)) == 3
    store = inquiry_store(world)
    kept = store.of("owner", world.stage.clock.now())
    assert [(item.done, item.total) for item in kept] == [(0, 1)]
    assert path.partition("?")[0].endswith(kept[0].id)


def test_a_party_has_but_few_lists_that_are_not_finished(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAITING_MAX", 1)
    assert upload(world).status_code == 303
    refused = upload(world)
    assert refused.status_code == 409
    assert "Too many lists" in refused.text
    assert upload(world, "owner", "party\nowner\n").status_code == 303  # another's do not count
    assert [goes_on(world) for _ in range(2)] == [True, True]
    assert upload(world).status_code == 303


def test_a_list_from_a_spreadsheet_in_china_is_read_and_the_page_says_how(world: World) -> None:
    page = get(
        world,
        upload(world, text="party,备注\nowner,杭州湾一号\n".encode("gb18030")).headers["Location"],
    )
    assert "Read as GB18030" in page.text


def test_a_code_that_may_not_be_asked_about_looks_like_one_of_nobody(world: World) -> None:
    code = "91330100MADEM00015"
    known = uscc_of(world, "owner")
    path = upload(world, "buyer", f"uscc\n{known}\n{code}\n").headers["Location"]
    get(world, path, "buyer")
    found = rows(world, path, "buyer")
    assert [(row["party"], row["code"]) for row in found] == [
        (known, "party-unknown"),
        (code, "party-unknown"),
    ]


def key_id_of(world: World, party: str) -> str:
    keys = {"bank": world.stage.key(BANK[0]), "owner": world.stage.key("owner/a")}
    return key_id(public_bytes(keys[party]))


def uscc_of(world: World, party: str) -> str:
    (found,) = [row["uscc"] for row in world.stage.rows(PARTY.table) if row["party"] == party]
    return str(found)


def inquiry_store(world: World) -> Inquiries:
    found: Inquiries = world.client.application.extensions["ops"].inquiries
    return found


def test_a_list_is_its_partys_alone(world: World) -> None:
    path = upload(world).headers["Location"]
    for reader in ("owner", "bank"):
        get(world, path, reader, 404)
        get(world, path.replace("?", "/answers.csv?"), reader, 404)
        assert path.partition("?")[0] not in get(world, BULK, reader).text
    get(world, f"{BULK}/none", status=404)


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("name\nowner\n", "list.csv", "party, uscc"),
        (LIST, "list.txt", 'data-result="bad"'),
        ("party\n", "list.csv", 'data-result="bad"'),
        ("", "list.xlsx", 'data-result="bad"'),
    ],
)
def test_what_is_no_list_is_told(world: World, text: str, name: str, said: str) -> None:
    answer = upload(world, text=text, name=name)
    assert answer.status_code == 400
    assert said in answer.text
    assert world.client.post(BULK, headers=world.readers["owner"]).status_code == 400


def test_a_day_that_is_none_is_a_problem(world: World) -> None:
    form = {"list": (io.BytesIO(LIST.encode()), "list.csv"), "on": "2025-02-30"}
    answer = world.client.post(BULK, data=form, headers=world.readers["owner"])
    assert answer.status_code == 400


def test_a_row_with_a_day_of_its_own_says_so_beside_its_rule(world: World) -> None:
    page = get(
        world, upload(world, text="party,on\nowner,\nowner,2026-01-01\n").headers["Location"]
    )
    first, second = page.text.partition("<tbody>")[2].split("<tr>")[1:3]
    assert "Law of 2026-01-01" in second
    assert "Law of" not in first  # the heading's day is the form's
