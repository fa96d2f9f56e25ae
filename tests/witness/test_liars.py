"""The log's side against log witnesses that lie, hang, drip and flood: nothing false is ever believed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from functools import partial

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from controller import witness_line
from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.cosignature import Cosigner
from controller.ledger.formats.note import Signature, verify
from controller.ledger.formats.witness_wire import (
    SIZE_TYPE,
    AddCheckpoint,
    encode_cosignatures,
    encode_size,
)
from controller.ledger.proofs import check_consistency
from controller.log_witness.key import posix_seconds
from controller.site_log import LogWitness
from controller.witness_call import Cosigned, Silent, WitnessCall
from firmware_shims.lying_witness import LyingWitness, answer
from tests.witness.houses import NAME, grow, head
from tests.witness.liars import HONEST, Lie, ask, conflict, cosign


def _always(said: bytes, _: bytes) -> list[bytes]:
    return [said]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(witness_line, "STEP_S", 0.3)
    monkeypatch.setattr(witness_line, "CALL_S", 0.6)


@pytest.mark.parametrize("private", [Ed25519PrivateKey.generate(), MLDSA44PrivateKey.generate()])
def test_an_honest_answer_is_believed(
    log: CustodyLog, private: Ed25519PrivateKey | MLDSA44PrivateKey
) -> None:
    by = Cosigner(NAME, private, posix_seconds)
    grow(log, 3)
    outcome = ask(log, lambda body: [answer(200, cosign(by, body))], by=by)
    assert isinstance(outcome, Cosigned)
    assert verify(head(log).joined([outcome.signature]), [by.vkey]) == [by.vkey]


def test_cosignatures_of_strangers_beside_the_right_one_are_passed_over(log: CustodyLog) -> None:
    grow(log, 3)
    stranger = Cosigner("someone.example", Ed25519PrivateKey.generate(), posix_seconds)
    outcome = ask(log, lambda body: [answer(200, cosign(stranger, body) + cosign(HONEST, body))])
    assert isinstance(outcome, Cosigned)
    assert outcome.signature.name == NAME


FALSE: dict[str, Lie] = {
    "another key": lambda body: [
        answer(200, cosign(Cosigner(NAME, Ed25519PrivateKey.generate(), posix_seconds), body))
    ],
    "a broken signature": lambda _: [
        answer(
            200,
            encode_cosignatures([Signature.by(HONEST.vkey, posix_seconds().to_bytes(8, "big") + b"\0" * 64)]),
        )
    ],
    "no time": lambda _: [answer(200, encode_cosignatures([Signature.by(HONEST.vkey, b"\0" * 72)]))],
    "a time long ago": lambda body: [answer(200, cosign(HONEST, body, posix_seconds() - 3 * 86_400))],
    "a time to come": lambda body: [answer(200, cosign(HONEST, body, posix_seconds() + 3 * 86_400))],
    "nothing": lambda _: [answer(200, b"")],
    "garbage": lambda _: [answer(200, os.urandom(500))],
    "no HTTP": lambda _: [os.urandom(500) + b"\r\n\r\n"],
    "half an answer": lambda _: [b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf\xe2", b""],
    "an endless head": lambda _: [b"HTTP/1.1 200 OK\r\n", *[b"X: " + b"x" * 60_000 + b"\r\n"] * 200],
    "a gigantic answer": lambda _: [answer(200, "— w AAAA\n".encode() * 100_000)],
    "a gigantic size": lambda _: [answer(409, b"9" * 200_000, SIZE_TYPE)],
    "a size that is none": lambda _: [answer(409, b"-1\n", SIZE_TYPE)],
    "a size without its type": lambda _: [answer(409, b"2\n")],
    "403": lambda _: [answer(403, b"")],
    "404": lambda _: [answer(404, b"")],
    "400": lambda _: [answer(400, b"")],
    "500": lambda _: [answer(500, b"")],
    "204": lambda _: [answer(204, b"")],
    "a status that is none": lambda _: [b"HTTP/1.1 99999 x\r\n\r\n"],
    "422 to an empty proof": lambda _: [answer(422, b"")],
}


@pytest.mark.parametrize("lie", FALSE.values(), ids=FALSE)
def test_a_false_answer_is_as_good_as_none(log: CustodyLog, lie: Lie, impatient: None) -> None:
    grow(log, 3)
    outcome = ask(log, lie)
    assert isinstance(outcome, Silent), outcome
    assert outcome.why


def test_a_cosignature_of_an_earlier_head_is_not_taken_for_this_one(log: CustodyLog) -> None:
    grow(log, 3)
    first: list[bytes] = []

    def replays(body: bytes) -> list[bytes]:
        first.append(cosign(HONEST, body))
        return [answer(200, first[0])]

    assert isinstance(ask(log, replays), Cosigned)
    grow(log, 3)
    assert isinstance(ask(log, replays), Silent)


def test_an_answer_beyond_the_limit_is_not_read_even_with_the_right_cosignature_in_it(
    log: CustodyLog,
) -> None:
    grow(log, 3)
    heavy = encode_cosignatures([Signature("someone.example", b"keyi", os.urandom(2428))] * 40)
    fair = b"".join(heavy.splitlines(keepends=True)[:10])
    assert isinstance(ask(log, lambda body: [answer(200, fair + cosign(HONEST, body))]), Cosigned)
    assert isinstance(ask(log, lambda body: [answer(200, heavy + cosign(HONEST, body))]), Silent)


def test_a_size_is_believed_with_its_type_only(log: CustodyLog) -> None:
    grow(log, 3)
    for kind, expected in ((SIZE_TYPE, Cosigned), ("text/plain", Silent)):

        def was_at_2(body: bytes, kind: str = kind) -> list[bytes]:
            old = AddCheckpoint.parse(body).old
            return [answer(200, cosign(HONEST, body)) if old == 2 else answer(409, encode_size(2), kind)]

        assert isinstance(ask(log, was_at_2), expected)


def test_no_larger_old_size_is_sent_than_the_head_has(log: CustodyLog) -> None:
    grow(log, 3)
    olds: list[int] = []

    def notes(body: bytes) -> list[bytes]:
        olds.append(AddCheckpoint.parse(body).old)
        return [answer(200, cosign(HONEST, body))]

    assert isinstance(ask(log, notes, had=99), Cosigned)
    assert olds == [3]


def test_a_redirect_is_not_followed(log: CustodyLog) -> None:
    grow(log, 3)
    with LyingWitness(lambda body: [answer(200, cosign(HONEST, body))]) as elsewhere:
        moved = f"Location: {elsewhere.url}/add-checkpoint"
        for status in (301, 302, 307, 308):
            redirect = answer(status, b"", "text/plain", moved)
            assert isinstance(ask(log, partial(_always, redirect)), Silent)
        assert not elsewhere.bodies


def test_no_proxy_of_the_environment_is_asked(log: CustodyLog, monkeypatch: pytest.MonkeyPatch) -> None:
    grow(log, 3)
    with LyingWitness(lambda _: [answer(500, b"")]) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
            monkeypatch.setenv(name, proxy.url)
        assert isinstance(ask(log, lambda body: [answer(200, cosign(HONEST, body))]), Cosigned)
        assert not proxy.bodies


def test_a_hanging_and_a_dripping_one_cost_a_moment(log: CustodyLog, impatient: None) -> None:
    grow(log, 3)

    def drips(body: bytes) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"
        while True:
            yield b"x"

    def drips_its_head(body: bytes) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nX: "
        while True:
            yield b"x"

    begun = time.monotonic()
    lies: tuple[Lie, ...] = (lambda _: [], drips, drips_its_head)
    for lie in lies:
        assert isinstance(ask(log, lie, pause_s=0.05), Silent)
    assert time.monotonic() - begun < 30


def test_nobody_there_is_silence(log: CustodyLog) -> None:
    grow(log, 3)
    with LyingWitness(lambda _: []) as gone:
        url = gone.url
    call = WitnessCall(LogWitness("branch", url, HONEST.vkey))
    assert isinstance(call.ask(head(log), 0, lambda *_: []), Silent)


def test_a_size_that_it_tells_is_proved_from(log: CustodyLog) -> None:
    grow(log, 5)
    old = head(log)
    root = log.root
    grow(log, 4)
    asked: list[AddCheckpoint] = []

    def was_at_5(body: bytes) -> list[bytes]:
        asked.append(AddCheckpoint.parse(body))
        return [conflict(5) if asked[-1].old != 5 else answer(200, cosign(HONEST, body))]

    assert isinstance(ask(log, was_at_5, had=3), Cosigned)
    assert [one.old for one in asked] == [3, 5]
    check_consistency(5, 9, root, log.root, asked[-1].proof)
    assert old.text != head(log).text


def test_a_connection_that_was_dropped_meanwhile_is_made_again(log: CustodyLog) -> None:
    grow(log, 3)

    def closes(body: bytes) -> Iterator[bytes]:
        yield answer(200, cosign(HONEST, body))
        raise ConnectionError  # the shim hangs up

    with LyingWitness(closes) as liar:
        call = WitnessCall(LogWitness("branch", liar.url, HONEST.vkey))
        for _ in range(3):
            assert isinstance(call.ask(head(log), 3, lambda *_: []), Cosigned)
        call.close()
