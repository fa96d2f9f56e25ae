"""The log witness's own side, over real sockets: every answer of tlog-witness."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.note import Signature, SignedNote, verify
from controller.ledger.formats.signer import Ed25519Signer, signed
from controller.ledger.formats.witness_wire import (
    SIZE_TYPE,
    AddCheckpoint,
    Status,
    decode_cosignatures,
)
from controller.log_witness.judge import Conflict
from controller.log_witness.memory import Memory
from tests.witness.houses import founded, grow, head, house, post, request, trust


def test_a_first_head_is_cosigned_and_the_next_one_with_a_proof(log: CustodyLog, folder: Path) -> None:
    vkey = founded(folder, log.vkey)
    grow(log, 3)
    with house(folder) as witness:
        for old in (0, 3):
            status, _, body = post(witness.url, request(log, old))
            assert status == Status.COSIGNED
            assert verify(head(log).joined(decode_cosignatures(body)), [log.vkey, vkey]) == [log.vkey, vkey]
            grow(log, 5)


def test_a_head_may_be_cosigned_again(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    grow(log, 3)
    with house(folder) as witness:
        assert [post(witness.url, request(log, old))[0] for old in (0, 3, 3)] == [200, 200, 200]


def test_an_unknown_log_is_404_and_an_unknown_key_403(log: CustodyLog, folder: Path) -> None:
    stranger = Ed25519Signer.generate(log.vkey.name)
    founded(folder, stranger.vkey)
    grow(log, 1)
    with house(folder) as witness:
        assert post(witness.url, request(log, 0))[0] == Status.UNSIGNED
        trust(folder)
        assert post(witness.url, request(log, 0))[0] == Status.UNKNOWN_LOG


def test_a_broken_signature_is_403_beside_a_good_one_of_a_stranger(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    note = grow(log, 1)
    broken = Signature.by(log.vkey, b"\0" * 64)
    stranger = signed(note.text, Ed25519Signer.generate("someone.example")).signatures
    with house(folder) as witness:
        body = AddCheckpoint(0, (), SignedNote(note.text, (broken, *stranger))).to_bytes()
        assert post(witness.url, body)[0] == Status.UNSIGNED
        assert not list(Memory(folder).all())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body[:0],
        lambda body: b"\xff\xfe" + body,
        lambda body: body.replace(b"old ", b"old 0"),
        lambda body: body.replace(b"\n\n", b"\n", 1),
        lambda body: body[:-1],
        lambda body: body.replace(b"old 0", b"old 2"),
        lambda body: body.replace(b"old 0", b"old -1"),
        lambda body: body.replace(b"old 0\n", b"old 0\n" + b"A" * 43 + b"=\n" * 64),
        os.urandom(2000).__add__,
    ],
)
def test_what_is_not_a_request_is_400(log: CustodyLog, folder: Path, spoil: Callable[[bytes], bytes]) -> None:
    founded(folder, log.vkey)
    grow(log, 1)
    with house(folder) as witness:
        assert post(witness.url, spoil(request(log, 0)))[0] == Status.BAD_REQUEST
        assert post(witness.url, request(log, 0))[0] == Status.COSIGNED


def test_another_old_size_is_409_with_the_size_cosigned_last(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    grow(log, 7)
    with house(folder) as witness:
        post(witness.url, request(log, 0))
        grow(log, 2)
        for old in (0, 6, 8, 9):
            assert post(witness.url, request(log, old)) == (409, SIZE_TYPE, b"7\n")


def test_a_proof_that_does_not_lead_is_422_and_kept(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    first = grow(log, 7)
    with house(folder) as witness:
        post(witness.url, request(log, 0))
        second = grow(log, 2)
        for proof in ((), (b"\0" * 32,) * 3, (b"\0" * 32,) * 63):
            body = AddCheckpoint(7, proof, second).to_bytes()
            assert post(witness.url, body)[0] == Status.NOT_CONSISTENT
        assert post(witness.url, request(log, 7))[0] == Status.COSIGNED
    (pair,) = Memory(folder).conflicts()
    assert (pair.kind, pair.cosigned.text, pair.shown.text) == (Conflict.FORKED, first.text, second.text)


def test_a_proof_from_nothing_is_empty(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    note = grow(log, 7)
    with house(folder) as witness:
        body = AddCheckpoint(0, (b"\0" * 32,), note).to_bytes()
        assert post(witness.url, body)[0] == Status.NOT_CONSISTENT
