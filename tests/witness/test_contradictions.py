"""Log witnesses that contradict our log, or themselves, and heads that they show."""

from __future__ import annotations

from functools import partial

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.cosignature import Cosigner
from controller.ledger.formats.note import Signature, SignedNote
from controller.ledger.formats.witness_wire import (
    AddCheckpoint,
)
from controller.log_witness.key import posix_seconds
from controller.site_log import LogWitness
from controller.witness_call import Against, Conflict, Outcome, Silent, WitnessCall
from firmware_shims.lying_witness import LyingWitness, answer
from tests.witness.houses import NAME, grow, head
from tests.witness.liars import HONEST, Lie, ask, conflict


def _always(said: bytes, _: bytes) -> list[bytes]:
    return [said]


CONTRADICTIONS: dict[str, tuple[Lie, int, Outcome]] = {
    "more than we have": (lambda _: [conflict(10)], 0, Conflict(Against.BEHIND, 10)),
    "another head of our size": (lambda _: [conflict(9)], 0, Conflict(Against.SPLIT, 9)),
    "the same, without a size": (lambda _: [answer(409, b"")], 9, Conflict(Against.SPLIT, 9)),
    "a head we do not continue": (
        lambda body: [answer(422, b"") if AddCheckpoint.parse(body).old else conflict(4)],
        0,
        Conflict(Against.FORKED, 4),
    ),
}


@pytest.mark.parametrize(("lie", "had", "expected"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_contradiction_is_told(log: CustodyLog, lie: Lie, had: int, expected: Outcome) -> None:
    grow(log, 9)
    assert ask(log, lie, had) == expected


def test_one_that_contradicts_itself_is_silent(log: CustodyLog) -> None:
    grow(log, 9)
    sizes = iter(range(1, 9))
    assert isinstance(ask(log, lambda _: [conflict(next(sizes))]), Silent)
    assert isinstance(ask(log, lambda _: [conflict(4)], had=4), Silent)


def test_the_newest_head_of_a_liar_is_not_believed(log: CustodyLog) -> None:
    note = grow(log, 3)
    stranger = Cosigner(NAME, Ed25519PrivateKey.generate(), posix_seconds)
    for by, believed in ((HONEST, True), (stranger, False)):
        cosigned = note.joined([Signature.by(by.vkey, by.sign(note.text.encode()))])
        with LyingWitness(partial(_always, answer(200, cosigned.to_bytes()))) as liar:
            call = WitnessCall(LogWitness("branch", liar.url, HONEST.vkey))
            assert (call.newest(log.vkey.name) == cosigned) is believed
            assert call.newest("bank.example/other") is None
            call.close()


def test_a_note_that_is_shown_in_the_place_of_a_head_is_not_one(log: CustodyLog) -> None:
    grow(log, 3)
    with LyingWitness(lambda _: [answer(200, SignedNote("x\n", head(log).signatures).to_bytes())]) as liar:
        call = WitnessCall(LogWitness("branch", liar.url, HONEST.vkey))
        assert call.newest(log.vkey.name) is None
        call.close()
