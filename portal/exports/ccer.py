"""The words of the national register's public lists: projects and reductions, and units by year.

Our units are none of that register's: `ccerId` stays empty, and so do its codes that are not
public. Units use the words of its law (签发, 注销) in columns of our own, since it publishes no
serials.
"""

from __future__ import annotations

from collections.abc import Mapping

from portal.exports.errors import ExportFault
from portal.exports.register import Record
from portal.exports.vocabulary import Column, Sheet, Vocabulary, Words
from portal.sheets import Value
from portal.shell.texts import say

WORDS = Words("ccer")


def _plain(name: str, key: str) -> Column:
    return Column(name, lambda record: record[key], key)


def _number(name: str, key: str) -> Column:
    return Column(name, lambda record: record[key], key, lambda text: int(text) if text else None)


def _empty(name: str) -> Column:
    return Column(name, lambda _: None)


def _said(words: str, state: str) -> Mapping[str, object]:
    found = WORDS.list(words).get(state)
    if not isinstance(found, dict):
        raise ExportFault("vocabulary-lacks", list=words, word=state)
    return found


def _status(words: str) -> tuple[Column, Column, Column]:
    """The list that holds such a thing, the code of its state, which is not public, its words."""
    ours = {str(_said(words, state)["status"]): state for state in WORDS.list(words)}

    def listed(record: Record) -> Value:
        return str(_said(words, record["state"])["data_type"] or "")

    def status(record: Record) -> Value:
        return str(_said(words, record["state"])["status"])

    return (
        Column("dataType", listed),
        _empty("applyStatus"),
        Column("statusName", status, "state", ours.__getitem__),
    )


def _class(record: Record) -> Value:
    return say(f"class.{record['class']}", "zh")


_CLASSES = {say(f"class.{name}", "zh"): name for name in ("ZJ_VER", "ZJ_AC", "ZJ_FS")}
_TYPE = (_empty("projectType"), Column("projectTypeName", _class, "class", _CLASSES.__getitem__))
_METHOD = (_plain("methodologyNum", "methodology"), _empty("methodologyName"))
_NOTICE = (_empty("publicStartDate"), _empty("publicEndDate"))

PROJECTS = Sheet(
    "projects",
    "projects",
    (
        _empty("applyId"),
        _plain("projectInfoId", "project"),
        _empty("certificationId"),
        _empty("ccerId"),
        _plain("projectName", "name"),
        _plain("orgCustomerName", "owner_name"),
        *_TYPE,
        *_status("project"),
        *_METHOD,
        _plain("provinceName", "province"),
        _empty("expectYearNum"),
        *_NOTICE,
    ),
)
REDUCTIONS = Sheet(
    "reductions",
    "reports",
    (
        _empty("applyId"),
        _plain("projectInfoId", "project"),
        _plain("certificationId", "report"),
        _empty("ccerId"),
        _plain("projectName", "name"),
        _plain("orgCustomerName", "owner_name"),
        *_TYPE,
        *_status("reduction"),
        *_METHOD,
        _plain("provinceName", "province"),
        _number("certifiedNum", "certified"),
        *_NOTICE,
    ),
)
YEARS = Sheet(
    "units",
    "batches",
    (
        _plain("projectInfoId", "project"),
        _plain("certificationId", "report"),
        _plain("批次", "batch"),
        _number("年份", "vintage"),
        _number("签发", "issued"),
        _number("注销", "retired"),
        _number("取消", "cancelled"),
        _plain("签发日期", "issued_day"),
    ),
)

CCER = Vocabulary("ccer", (PROJECTS, REDUCTIONS, YEARS), WORDS.source, WORDS.confidence)
