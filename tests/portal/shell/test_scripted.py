"""Words of scripts: whatever a page's scripts may show is among the words that the page brings."""

from __future__ import annotations

import ast
import html
import json
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import portal
from ledger.statements.types import Circle
from portal.app import create_app
from portal.house import make_engine
from portal.shell.scripted import WORDS
from portal.shell.texts import LANGUAGES, catalogue
from tests.factories.market import Floor
from tests.factories.scene import scene

HOME = Path(portal.__file__).parent
STATIC, TEMPLATES, DOORS = (HOME / name for name in ("static", "templates", "doors"))
ASKED = re.compile(r"\bword\(([^()`]*)\)")
QUOTED = re.compile(r"""["']([^"']+)["']""")
THROWN = re.compile(r"""\bnew (?:Error|KeyFault)\(["']([^"']+)["']\)""")
FAMILY = re.compile(r"\bword\(`([^`$]+)\$\{")
MACRO = re.compile(r"{% macro (\w+)\(.*?%}(.*?){% endmacro %}", re.DOTALL)
IMPORTED = re.compile(r"""^import [^;]*?from ["']\./([\w.]+)["'];""", re.MULTILINE)
SCRIPT = re.compile(r"filename='([\w.]+\.js)'")
INCLUDED = re.compile(r"""{% (?:include|extends|import|from) ["']([\w.]+)["']""")


def keys_of(source: str) -> set[str]:
    """Keys that a script asks for or throws as plain text."""
    asked = {key for inside in ASKED.findall(source) for key in QUOTED.findall(inside)}
    return asked | set(THROWN.findall(source))


def closure(name: str, folder: Path, pattern: re.Pattern[str]) -> set[str]:
    """A file and all that it names by the pattern, and so on."""
    found, left = set(), [name]
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left += pattern.findall((folder / one).read_text("utf-8"))
    return found


def signing_pages() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Templates that a door gives with the words of its scripts, and the prefixes of these."""
    for path in sorted(DOORS.glob("*.py")):
        module = import_module(f"portal.doors.{path.stem}")
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "scripted"):
                continue
            template = ast.literal_eval(node.args[0])
            more = [k.value for k in node.keywords if k.arg == "more"]
            names = [value.id for value in more if isinstance(value, ast.Name)]
            assert len(names) == len(more), f"{path.name}: the prefixes of {template} have no name"
            yield template, (WORDS, *(p for name in names for p in getattr(module, name)))


def scripts_of(template: str) -> set[str]:
    parts = closure(template, TEMPLATES, INCLUDED)
    named = {s for part in parts for s in SCRIPT.findall((TEMPLATES / part).read_text("utf-8"))}
    return {one for name in named for one in closure(name, STATIC, IMPORTED)}


def lacking(template: str, prefixes: tuple[str, ...], language: str) -> set[str]:
    """Keys that the scripts of a page show, and for which it brings no words."""
    texts = catalogue(language)
    words = {key.removeprefix(p) for p in prefixes for key in texts if key.startswith(p)}
    lost = set()
    for script in scripts_of(template):
        source = (STATIC / script).read_text("utf-8")
        lost |= keys_of(source) - words
        families = [name for name in FAMILY.findall(source) if name != "param-"]
        lost |= {name for name in families if not any(key.startswith(name) for key in words)}
    return lost


def test_keys_are_found_where_they_stand() -> None:
    source = """word("a-b"); word(key); throw new KeyFault("c"); word(`total-${side}`); tell('d');
    word(many > 1 ? "e" : "f")"""
    assert keys_of(source) == {"a-b", "c", "e", "f"}
    assert FAMILY.findall(source) == ["total-"]


def test_the_pages_that_sign_are_found_with_all_their_scripts() -> None:
    pages = dict(signing_pages())
    assert {"sign_in.html", "desk.html", "desk_draft.html", "trading.html"} <= set(pages)
    assert {"ticket.js", "quotes.js", "stating.js", "keys.js"} <= scripts_of("instrument.html")


def test_a_page_without_its_words_is_found() -> None:
    assert "save" in lacking("auction.html", (WORDS,), "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_of_a_script_has_words_on_each_page_that_loads_it(language: str) -> None:
    lost = {page: lacking(page, prefixes, language) for page, prefixes in signing_pages()}
    assert {page: keys for page, keys in lost.items() if keys} == {}


def test_the_live_quote_has_every_word_that_its_script_writes(tmp_path: Path) -> None:
    """Its words come apart from those of the signing scripts, as ``data-words`` of its place."""
    source = (STATIC / "quotes.js").read_text("utf-8")
    wanted = set(re.findall(r"\bwords\.(\w+)", source))
    assert len(wanted) > 5
    with scene(tmp_path / "home", None) as stage:
        floor = Floor(stage)
        floor.list()
        text = create_app(stage.ledger, stage.clock).test_client().get("/market/FS").text
    (brought,) = re.findall(r"data-stream=.*? data-words='([^']*)'", text)
    assert wanted <= set(json.loads(html.unescape(brought)))


def test_a_form_is_public_where_its_type_is_and_a_button_is_never() -> None:
    """What is public bears no salt; the forms say so beforehand, for they sign in the browser."""
    circles = {name: declared.circle for (name, _), declared in make_engine().types.items()}
    forms, buttons = set(), set()
    texts = [path.read_text("utf-8") for path in sorted(TEMPLATES.glob("*.html"))]
    # A macro whose form takes its type says once for all of them whether it is public.
    macros = {
        name: "data-public" in body
        for text in texts
        for name, body in MACRO.findall(text)
        if 'data-state="{{ type }}"' in body
    }
    assert macros == {"venue_form": True, "cancel_form": False, "finding_form": False}
    for text in texts:
        forms |= set(re.findall(r'data-state="([\w.-]+\.[\w.-]+)"( data-public)?', text))
        for macro, public in macros.items():
            named = re.findall(rf'\b{macro}\("([\w.-]+)"', text)
            forms |= {(name, "public" if public else "") for name in named}
        buttons |= set(re.findall(r'(?:\bact\(|data-act=)"([\w.-]+\.[\w.-]+)"', text))
    assert len(forms) > 10
    assert {"listing.withdraw", "order.cancel"} <= buttons
    wrong = {name for name, public in forms if (circles[name] is Circle.PUBLIC) != bool(public)}
    assert wrong == set()
    assert {name for name in buttons if circles[name] is Circle.PUBLIC} == set()
