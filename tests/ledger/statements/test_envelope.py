"""The DSSE envelope: one act, one text, the signatures of its keys."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ledger.statements.attachments import Attachment, check_documents
from ledger.statements.canonical import encode, parse
from ledger.statements.ed25519 import from_seed, key_id, public_bytes
from ledger.statements.envelope import (
    LIFETIME_MAX_MS,
    PAYLOAD_TYPE,
    Payload,
    Submission,
    body_digest,
    cosign,
    pae,
    parse_draft,
    parse_submission,
    sign_statement,
    verify_signatures,
)
from ledger.statements.errors import Expired, Malformed, StatementError, Unauthenticated

ANNA, BO, EVE = (from_seed(bytes([n]) * 32) for n in (1, 2, 3))
PUBLIC = {key_id(public_bytes(k)): public_bytes(k) for k in (ANNA, BO)}
BODY = {"quantity": 3, "note": "林"}
AT = 1_795_507_200_000
PAYLOAD = Payload(
    "ledger.example/test",
    "017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
    "credit.move",
    1,
    "mill-1",
    tuple(PUBLIC),
    AT,
    AT + 1000,
    body_digest(BODY),
)


def signed(payload: Payload = PAYLOAD, body: Any = None) -> Submission:
    return sign_statement(payload, BODY if body is None else body, [ANNA, BO])


def bent(change: Callable[[dict[str, Any]], object]) -> bytes:
    """A good submission, changed in its JSON."""
    value = parse(signed().encode())
    change(value)
    return encode(value)


def bent_payload(change: Callable[[dict[str, Any]], object]) -> bytes:
    """A submission whose payload is changed and signed again."""
    payload = json.loads(PAYLOAD.encode())
    change(payload)
    return bent(lambda v: v["envelope"].update(payload=base64.b64encode(encode(payload)).decode()))


def refusal(data: bytes) -> StatementError:
    with pytest.raises(StatementError) as caught:
        parse_submission(data)
    return caught.value


def test_pae_is_that_of_the_dsse_paper() -> None:
    expected = b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    assert pae("http://example.com/HelloWorld", b"hello world") == expected


def test_payload_text_is_fixed() -> None:
    payload = PAYLOAD._replace(keys=("k",), body_sha256="00", seen=(7, "ab"))
    assert payload.encode() == (
        b'{"body_sha256":"00","expires_at":"2026-11-24T08:00:01.000Z",'
        b'"id":"017f22e2-79b0-7cc3-98c4-dc0c0c07398f","issued_at":"2026-11-24T08:00:00.000Z",'
        b'"keys":["k"],"ledger":"ledger.example/test","party":"mill-1",'
        b'"seen":{"root":"ab","size":7},"type":"credit.move","version":1}'
    )


def test_a_statement_comes_back_as_it_was_signed() -> None:
    made = signed(PAYLOAD._replace(seen=(7, "ab" * 32)))
    read = parse_submission(made.encode())
    assert read == made
    assert read.body_bytes == '{"note":"林","quantity":3}'.encode()
    assert read.envelope.sha256 == hashlib.sha256(read.envelope.bytes).hexdigest()
    assert encode(parse(read.envelope.bytes)) == read.envelope.bytes
    verify_signatures(read.envelope, PUBLIC)


def test_spacing_and_order_make_no_second_leaf() -> None:
    loose = json.dumps(json.loads(signed().encode()), indent=2, sort_keys=False).encode()
    assert parse_submission(loose).envelope.bytes == signed().envelope.bytes


def test_signatures_are_over_the_payload_and_nothing_else_passes() -> None:
    envelope = signed().envelope
    (first, a), (second, b) = envelope.signatures
    swapped = replace(envelope, signatures=((first, b), (second, a)))
    with pytest.raises(Unauthenticated, match="signature-invalid"):
        verify_signatures(swapped, PUBLIC)
    with pytest.raises(Unauthenticated, match="key-unknown"):
        verify_signatures(envelope, {first: PUBLIC[first]})
    other = replace(envelope, payload_bytes=envelope.payload_bytes + b" ")
    with pytest.raises(Unauthenticated, match="signature-invalid"):
        verify_signatures(other, PUBLIC)
    ANNA.public_key().verify(a, pae(PAYLOAD_TYPE, envelope.payload_bytes))


def test_a_half_signed_statement_waits_for_its_second_person() -> None:
    draft = parse_draft(sign_statement(PAYLOAD, BODY, [BO]).encode())
    assert draft.envelope.missing == (PAYLOAD.keys[0],)
    assert refusal(draft.encode()).code == "signature-missing"
    with pytest.raises(Unauthenticated, match="signature-missing"):
        verify_signatures(draft.envelope, PUBLIC)
    verify_signatures(draft.envelope, PUBLIC, partial=True)
    assert cosign(cosign(draft, ANNA), ANNA) == signed()


def test_nobody_cosigns_other_words_or_unasked() -> None:
    draft = sign_statement(PAYLOAD, BODY, [ANNA])
    with pytest.raises(Malformed, match="key-not-named"):
        cosign(draft, EVE)
    with pytest.raises(Malformed, match="body-digest-differs"):
        cosign(Submission(draft.envelope, {"quantity": 4}), BO)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        (lambda v: v.update(more=1), "field-unknown", "/more"),
        (lambda v: v.pop("body"), "field-missing", "/body"),
        (lambda v: v.pop("envelope"), "envelope-fields", "/envelope"),
        (lambda v: v["body"].update(quantity=4), "body-digest-differs", None),
        (lambda v: v["envelope"].update(x=1), "envelope-fields", "/envelope"),
        (lambda v: v["envelope"].update(payloadType="a/b"), "payload-type", None),
        (lambda v: v["envelope"].update(payload=1), "not-base64", "/envelope/payload"),
        (lambda v: v["envelope"]["signatures"].reverse(), "signatures-not-keys", None),
        (lambda v: v["envelope"]["signatures"].pop(), "signature-missing", None),
        (
            lambda v: v["envelope"]["signatures"].append(v["envelope"]["signatures"][0]),
            "signatures-not-keys",
            None,
        ),
        (lambda v: v["envelope"]["signatures"][0].update(keyid=[]), "signatures-not-keys", None),
        (lambda v: v["envelope"]["signatures"][0].update(sig="AA=="), "signature-length", None),
        (lambda v: v["envelope"]["signatures"].__setitem__(0, 1), "signature-fields", None),
        (lambda v: v["envelope"].update(signatures={}), "not-a-list", None),
        (lambda v: v.update(attachments={"a": {}}), "attachments-not-stated", None),
        (lambda v: v.update(attachments=None), "attachments", None),
    ],
)
def test_a_bent_submission_is_refused_by_name(
    change: Callable[[dict[str, Any]], object], code: str, field: str | None
) -> None:
    error = refusal(bent(change))
    assert error.code == code
    assert field in {None, error.field}


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p + "\n",
        lambda p: " " + p,
        lambda p: p.rstrip("="),
        lambda p: p + "====",
        lambda p: p.replace("e", "-", 1),
        lambda p: p[:-1] + "é",
    ],
)
def test_base64_has_one_text(change: Callable[[str], str]) -> None:
    error = refusal(bent(lambda v: v["envelope"].update(payload=change(v["envelope"]["payload"]))))
    assert error.code in {"not-base64", "payload-not-canonical", "json-invalid"}


def test_non_zero_trailing_bits_are_refused() -> None:
    def change(value: dict[str, Any]) -> None:
        signature = value["envelope"]["signatures"][0]
        text = signature["sig"]
        assert text.endswith("==")
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        last = alphabet[alphabet.index(text[-3]) + 1]
        signature["sig"] = text[:-3] + last + "=="

    assert refusal(bent(change)).code == "not-base64"


def set_to(name: str, value: Any) -> Callable[[dict[str, Any]], object]:
    return lambda p: p.update({name: value})


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (set_to("more", 1), "more"),
        (lambda p: p.pop("id"), "id"),
        *((set_to("party", bad), "party") for bad in ("a", "-ab", "Mill", "ab_c", "a" * 64, 1)),
        *((set_to("version", bad), "version") for bad in (0, True, "1", None)),
        *((set_to("ledger", bad), "ledger") for bad in ("", "a b", "a+b", "a\n", 1)),
        *((set_to("id", bad), "id") for bad in (1, "017F22E2-79B0-7CC3-98C4-DC0C0C07398F")),
        *((set_to("keys", bad), "keys") for bad in ([], "ab", ["a" * 32] * 2, None)),
        (set_to("keys", [f"{n:032x}" for n in range(9)]), "keys"),
        (set_to("keys", ["A" * 32]), "keys/0"),
        *((set_to("type", bad), "type") for bad in ("", "Credit", 3)),
        (set_to("body_sha256", "a" * 63), "body_sha256"),
        (set_to("issued_at", "2026-11-24"), "issued_at"),
        (set_to("expires_at", 5), "expires_at"),
        *((set_to("seen", bad), "seen") for bad in (None, {}, {"size": 1})),
        (set_to("seen", {"size": -1, "root": "a" * 64}), "seen/size"),
        (set_to("seen", {"size": True, "root": "a" * 64}), "seen/size"),
        (set_to("seen", {"size": 1, "root": "A" * 64}), "seen/root"),
    ],
)
def test_a_bent_payload_is_refused_by_name(
    change: Callable[[dict[str, Any]], object], place: str
) -> None:
    error = refusal(bent_payload(change))
    assert isinstance(error, Malformed)
    assert error.field == f"/envelope/payload/{place}"


@pytest.mark.parametrize("lifetime", [0, -1, LIFETIME_MAX_MS + 1])
def test_a_lifetime_is_positive_and_at_most_seven_days(lifetime: int) -> None:
    error = refusal(signed(PAYLOAD._replace(expires_at=AT + lifetime)).encode())
    assert isinstance(error, Expired)
    longest = signed(PAYLOAD._replace(expires_at=AT + LIFETIME_MAX_MS))
    assert parse_submission(longest.encode()) == longest


def test_payload_bytes_must_be_canonical() -> None:
    spaced = base64.b64encode(PAYLOAD.encode().replace(b",", b", ")).decode()
    error = refusal(bent(lambda v: v["envelope"].update(payload=spaced)))
    assert error.code == "payload-not-canonical"


@pytest.mark.parametrize("data", [b"[]", b"null", b'"a"', b"{}", b"{", b"\xff", b'{"body":{}}'])
def test_other_json_is_refused(data: bytes) -> None:
    assert isinstance(refusal(data), Malformed)


PAPER = Attachment("paper", "application/pdf", "0" * 32, b"%PDF")


def attached() -> dict[str, Any]:
    body = {**BODY, "attachments": {"paper": PAPER.digest}}
    payload = PAYLOAD._replace(body_sha256=body_digest(body))
    made = sign_statement(payload, body, [ANNA, BO], {"paper": PAPER})
    assert parse_submission(made.encode()) == made
    value: dict[str, Any] = parse(made.encode())
    return value


def test_an_attachment_digest_is_bound_to_all_its_parts() -> None:
    bound = '{"media_type":"application/pdf","name":"paper","salt":"' + "0" * 32
    content = hashlib.sha256(b"%PDF").hexdigest()
    expected = hashlib.sha256(f'{bound}","sha256":"{content}"}}'.encode()).hexdigest()
    assert PAPER.digest == expected


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"content": "JVBERh=="}, "not-base64"),
        ({"content": "JVBERg"}, "not-base64"),
        ({"content": 5}, "not-base64"),
        ({"content": "AAAA"}, "attachment-digest-differs"),
        ({"salt": "1" * 32}, "attachment-digest-differs"),
        ({"salt": "A" * 32}, "form"),
        ({"media_type": "application/xml"}, "attachment-digest-differs"),
        ({"media_type": "text"}, "form"),
        ({"more": 1}, "attachment-fields"),
        ({"content": "A" * 700_000}, "too-large"),
    ],
)
def test_a_bent_attachment_is_refused(change: dict[str, Any], code: str) -> None:
    value = attached()
    value["attachments"]["paper"].update(change)
    error = refusal(encode(value))
    assert error.code == code
    assert error.field in {"/attachments/paper", "/attachments/paper/content"}


def test_a_stated_attachment_must_come_along() -> None:
    value = attached()
    del value["attachments"]
    assert refusal(encode(value)).code == "attachments-not-stated"


@pytest.mark.parametrize(
    ("stated", "field"),
    [
        ({"agreement": {"sha256": "0" * 64}}, "/body/agreement/sha256"),
        ({"agreement_sha256": "0" * 64}, "/body/agreement_sha256"),
    ],
)
def test_an_attachment_is_the_document_whose_digest_the_body_states(
    stated: dict[str, Any], field: str
) -> None:
    paper = replace(PAPER, name="agreement")
    found = hashlib.sha256(paper.content).hexdigest()
    with pytest.raises(Malformed) as caught:
        check_documents(stated, {"agreement": paper})
    assert (caught.value.code, caught.value.field) == ("attachment-other", field)
    assert caught.value.params["sha256"] == found
    right = {"agreement": {"sha256": found}, "agreement_sha256": found}
    check_documents({name: right[name] for name in stated}, {"agreement": paper})


def test_what_the_body_says_nothing_of_is_held_against_nothing() -> None:
    check_documents({"agreement": {"document": "d"}, "other": 1}, {"agreement": PAPER})
    check_documents({"agreement": {"sha256": "0" * 64}}, {})
