"""Entries in bulk: one a line, in order, as anyone may read them."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient


def lines(client: FlaskClient, query: str) -> list[dict[str, Any]]:
    response = client.get(f"/v1/entries{query}")
    assert response.mimetype == "application/x-ndjson"
    return [orjson.loads(line) for line in response.data.splitlines()]


def test_each_line_is_the_entry_as_anyone_may_read_it(client: FlaskClient) -> None:
    found = lines(client, "?first=2&limit=3")
    assert [line["index"] for line in found] == [2, 3, 4]
    single = client.get("/v1/entries/2").json
    assert single is not None
    assert found[0] == {name: single[name] for name in found[0]}


def test_a_span_links_to_the_next_and_the_last_does_not(client: FlaskClient) -> None:
    end = len(lines(client, ""))
    response = client.get("/v1/entries?limit=4")
    assert response.headers["Link"] == '</v1/entries?first=4&limit=4>; rel="next"'
    assert "Link" not in client.get(f"/v1/entries?first={end - 1}").headers
    assert lines(client, f"?first={end}") == []


@pytest.mark.parametrize("query", ["first=-1", "limit=0", "limit=1001", "limit=1_0", "first=x"])
def test_a_number_out_of_range_is_refused_by_name(client: FlaskClient, query: str) -> None:
    response = client.get(f"/v1/entries?{query}")
    assert response.status_code == 400
    assert query.partition("=")[0] in response.text


def test_beyond_the_end_nothing_is_found(client: FlaskClient) -> None:
    assert client.get("/v1/entries?first=99999").status_code == 404


def test_no_confidential_body_or_envelope_is_shown(client: FlaskClient) -> None:
    hidden = [line for line in lines(client, "?limit=1000") if "body" not in line]
    assert hidden
    assert all("envelope" not in line["leaf"] for line in hidden)
