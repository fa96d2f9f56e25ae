"""Our random numbers are new in every exchange, in every start, and whatever the card does."""

import subprocess
import sys

import pytest

from firmware_shims.cards.desfire_lies import Steered
from hardware.credentials.ev1 import AuthenticateAes
from hardware.credentials.ev2 import Ev2First
from hardware.credentials.exchange import CardRefusedError
from tests.credentials.tapping import Wire, badge, read

ROUNDS = 200


@pytest.mark.parametrize("generation", [1, 2])
def test_two_exchanges_never_show_the_same_random_number(generation: int) -> None:
    proofs, challenges = set(), set()
    card = badge(generation=generation)
    for _ in range(ROUNDS):
        wire = Wire(card)
        read(card, wire=wire)
        at = wire.codes.index("AF")
        proofs.add(wire.crossed[at][0])
        challenges.add(wire.crossed[at - 1][1])
    assert len(proofs) == len(challenges) == ROUNDS


@pytest.mark.parametrize("code", [0x71, 0xAA])
def test_a_card_that_repeats_its_challenge_is_never_answered_alike(code: int) -> None:
    proofs = set()
    for _ in range(ROUNDS):
        wire = Wire(Steered(badge(generation=1 if code == 0xAA else 2), {code: bytes(16) + b"\x91\xaf"}))
        with pytest.raises(CardRefusedError):
            read(wire.card, wire=wire)
        proofs.add(wire.crossed[-1][0])
    assert len(proofs) == ROUNDS


PRINTING = """
from hardware.credentials.ev1 import AuthenticateAes
from hardware.credentials.ev2 import Ev2First
for kind in (AuthenticateAes, Ev2First):
    for _ in range(3):
        print(kind(bytes(16), 0).prove(bytes(16) + bytes([0x91, 0xAF])).hex())
"""


def test_two_starts_of_the_program_never_show_the_same_random_number() -> None:
    starts = [
        subprocess.Popen([sys.executable, "-c", PRINTING], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    shown = [line for start in starts for line in start.communicate(timeout=60)[0].split()]
    assert [start.returncode for start in starts] == [0, 0, 0]
    assert len(shown) == len(set(shown)) == 18


def test_a_handshake_does_not_share_its_number_with_another() -> None:
    numbers = [kind(bytes(16), 0).rnd_a for kind in (AuthenticateAes, Ev2First) for _ in range(ROUNDS)]
    assert len(set(numbers)) == 2 * ROUNDS
