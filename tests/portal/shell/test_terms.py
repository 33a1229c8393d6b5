"""Every shown text speaks in the glossary's terms, and three sorts of 注销 stay apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from portal.shell.terms import Term, glossary
from portal.shell.texts import catalogue
from tests import tree

VENDOR = "swagger-ui-bundle.js"
ENDINGS = ("retirement", "deregistration", "closure")
CHINESE = re.compile("[\u4e00-\u9fff]")
BY_NAME = {term.name: term for term in glossary()}


def bare(text: str) -> list[str]:
    """What stands before each 注销 that no term of the glossary covers."""
    for name in ENDINGS:
        for form in BY_NAME[name].forms:
            text = text.replace(form, "")
    return [text[max(0, m.start() - 4) : m.end()] for m in re.finditer("注销", text)]


def borne(term: Term, text: str) -> bool:
    return any(form in text for form in term.forms)


def stemmed(term: Term, text: str) -> bool:
    return any(stem in text.lower() for stem in term.stems)


def unlike(zh: dict[str, str], en: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Texts whose Chinese bears a term and whose English none of its stems."""
    for term in glossary():
        for key, text in zh.items():
            if borne(term, text) and not stemmed(term, en[key]):
                yield term.name, text, en[key]


def test_a_bare_word_and_a_wrong_one_are_found() -> None:
    assert bare("该单位已注销") == ["该单位已注销"]
    assert bare("减排量注销与项目注销，账户已注销") == []
    assert bare("注销减排量") == ["注销"]
    wrong = {"a": "项目注销"}, {"a": "The project is retired"}
    assert [name for name, _, _ in unlike(*wrong)] == ["deregistration"]


def test_no_text_says_only_that_something_is_cancelled_out() -> None:
    """注销 always says of what: 减排量注销, 项目注销 or 账户注销."""
    found = {key: bare(text) for key, text in catalogue("zh").items()}
    assert {key: words for key, words in found.items() if words} == {}
    shown = " ".join(catalogue("zh").values())
    assert all(BY_NAME[name].zh in shown for name in ENDINGS)


def test_the_three_have_english_words_of_their_own() -> None:
    stems = [stem for name in ENDINGS for stem in BY_NAME[name].stems]
    assert len(set(stems)) == 3
    for key, text in catalogue("en").items():
        chinese = catalogue("zh")[key]
        if "deregist" in text.lower():
            assert borne(BY_NAME["deregistration"], chinese), key
        if re.search(r"\bretire", text, re.IGNORECASE):
            assert borne(BY_NAME["retirement"], chinese), key


def test_both_languages_mean_the_same_thing() -> None:
    assert list(unlike(dict(catalogue("zh")), dict(catalogue("en")))) == []


@pytest.mark.parametrize("term", glossary(), ids=lambda term: term.name)
def test_other_words_for_a_term_stand_nowhere(term: Term) -> None:
    for key, text in catalogue("zh").items():
        assert [word for word in term.never if word in text] == [], key


def test_terms_are_stated_once() -> None:
    forms = [form for term in glossary() for form in term.forms]
    assert len(set(forms)) == len(forms)
    assert all(term.zh and term.en and term.stems for term in glossary())


def test_pages_and_scripts_have_no_words_of_their_own() -> None:
    files = list(tree.files("portal/templates", suffixes=(".html",)))
    files += [
        path for path in tree.files("portal/static", suffixes=(".js",)) if path.name != VENDOR
    ]
    assert len(files) > 20
    for path in files:
        assert not CHINESE.search(path.read_text("utf-8")), path.name
