"""A stranger who reads everything: every public route, and wherever an answer leads on."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient

HOST = "http://localhost"
LINK = re.compile(r'(?:href|src|action)="([^"]+)"|"next":"([^"]+)"|<([^>]+)>; rel="next"')
CHOICE = re.compile(r"<any\(([^)]+)\):\w+>")
LIMIT = 5_000


@dataclass(frozen=True)
class Page:
    """One answer: where, and all that was said, headers and body."""

    path: str
    status: int
    text: str


def crawl(client: FlaskClient, more: Iterable[str] = ()) -> list[Page]:
    """Every answer that can be reached from the routes that can be named, and from ``more``.

    Nobody is signed in.  Each path is asked once; a server that fails, or that no longer
    answers, is an AssertionError.
    """
    waiting = [*named(client.application), *more]
    seen: set[str] = set()
    pages: list[Page] = []
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        assert len(seen) < LIMIT, "the crawl does not end"
        page, location = asked(client, path)
        pages.append(page)
        waiting += onward(path, page.text, location)
    return pages


def asked(client: FlaskClient, path: str) -> tuple[Page, str | None]:
    """One answer, and the address that it leads to, if it does; AssertionError as in ``crawl``."""
    answer = client.get(path)
    text = answer.get_data().decode("utf-8", "replace")
    answer.close()
    assert answer.status_code < 500 and answer.status_code != 429, (path, text)
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    page = Page(path, answer.status_code, f"{headers}\n\n{text}")
    return page, answer.headers.get("Location")


def named(app: Flask) -> Iterable[str]:
    """The paths of GET routes whose arguments, if any, are words of a closed list."""
    for rule in app.url_map.iter_rules():
        pieces = [CHOICE.fullmatch(piece) for piece in rule.rule.split("/")]
        choices = [match[1].split(", ") if match else [None] for match in pieces]
        if "GET" in (rule.methods or ()):
            for chosen in itertools.product(*choices):
                parts = zip(chosen, rule.rule.split("/"), strict=True)
                path = "/".join(word or piece for word, piece in parts)
                if "<" not in path:
                    yield path


def onward(path: str, text: str, location: str | None) -> Iterable[str]:
    """Where an answer leads to on the same host."""
    found = [a or b or c for a, b, c in LINK.findall(text)]
    for target in filter(None, [*found, location]):
        split = urlsplit(urljoin(HOST + path, target.replace("&amp;", "&")))
        if split.netloc == "localhost" and "{" not in split.path:
            yield split.path + (f"?{split.query}" if split.query else "")
