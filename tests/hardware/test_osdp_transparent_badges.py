"""Real badges through a reader in transparent mode: each scheme proves itself, and a copy does not."""

import os
from dataclasses import replace

import pytest

from firmware_shims.cards.desfire import Desfire
from firmware_shims.cards.ntag424 import Ntag424
from firmware_shims.cards.piv import PivCard
from firmware_shims.osdp_transparent import Habits, VirtualCard
from hardware.credentials import CREDENTIALS
from hardware.credentials.desfire import DESFIRE
from hardware.credentials.exchange import Scheme
from hardware.credentials.ntag424 import NTAG424
from hardware.credentials.running import Bounds, converse
from hardware.credentials.site_keys import SiteKeys
from hardware.osdp.transparent_reading import CardReading
from hardware.signals import CardFault, CardRead, Signal
from tests.hardware.osdp_card_bench import CardBench

OURS, THEIRS = SiteKeys(os.urandom(32)), SiteKeys(os.urandom(32))
UID = bytes.fromhex("04112233445566")
UNBOUND = Bounds(1e9, 1e9, 1e9)
READING = CardReading(CREDENTIALS, lambda: OURS)


def made(scheme: Scheme, card: Desfire | Ntag424, keys: SiteKeys = OURS) -> str:
    """Makes a badge of a blank card; its number."""
    assert scheme.make is not None
    proof = converse(scheme.make(card.uid, keys), lambda apdu: card.answer(apdu) or b"", UNBOUND)
    return proof.token


def read(said: list[Signal]) -> CardRead:
    assert len(said) == 1, said
    assert isinstance(said[0], CardRead)
    return replace(said[0], took_ms=0)


def through(card: VirtualCard, habits: Habits | None = None, reading: CardReading = READING) -> CardRead:
    return read(CardBench(reading, habits).hold(card, seconds=4.0))


@pytest.mark.parametrize("habits", [Habits(), Habits(later=True), Habits(tells_number=False, buffer=512)])
@pytest.mark.parametrize("generation", [1, 2])
def test_a_desfire_badge_proves_its_number(generation: int, habits: Habits) -> None:
    card = Desfire(UID, generation)
    token = made(DESFIRE, card)
    assert through(card, habits) == CardRead("in", token, "desfire", uid=UID.hex().upper())


def test_a_desfire_badge_needs_no_longer_message_than_any_reader_takes() -> None:
    card = Desfire(UID)
    token = made(DESFIRE, card)
    assert through(card, Habits(buffer=128)).token == token


def test_an_ntag_424_proves_its_number_and_a_counter_that_grows() -> None:
    card = Ntag424(UID)
    token = made(NTAG424, card)
    first, second = through(card), through(card)
    assert (first.token, first.scheme, first.fault) == (token, "ntag424", None)
    assert first.counter is not None
    assert second.counter is not None
    assert second.counter > first.counter


def test_a_piv_card_proves_its_key_even_where_no_number_is_told() -> None:
    card = PivCard(UID)
    named = through(card)
    nameless = through(card, Habits(tells_number=False, knows_pseudo=False))
    assert (named.scheme, named.fault) == ("piv", None)
    assert (nameless.token, nameless.uid) == (named.token, "")


def test_a_badge_of_another_site_is_refused() -> None:
    card = Desfire(UID)
    made(DESFIRE, card, THEIRS)
    said = through(card)
    assert (said.token, said.scheme, said.fault) == (UID.hex().upper(), "desfire", CardFault.WRONG_KEY)


def test_a_badge_that_shows_the_number_of_another_is_refused() -> None:
    card = Desfire(UID)
    made(DESFIRE, card)
    card.uid = bytes.fromhex("04AABBCCDDEEFF")
    assert through(card).fault == CardFault.WRONG_KEY


def test_a_blank_card_with_a_copied_number_is_its_number_and_no_badge() -> None:
    said = through(Desfire(UID))
    assert (said.token, said.scheme, said.fault) == (UID.hex().upper(), "uid", None)


class Replayed:
    """Gives the answers of an earlier reading again, in their order."""

    def __init__(self, card: Desfire) -> None:
        self.uid = card.uid
        self.card: Desfire | None = card
        self.said: list[bytes] = []

    def answer(self, apdu: bytes) -> bytes | None:
        if self.card is None:
            return self.said.pop(0) if self.said else None
        self.said.append(self.card.answer(apdu) or b"")
        return self.said[-1]


def test_answers_of_an_earlier_reading_prove_nothing() -> None:
    card = Desfire(UID)
    token = made(DESFIRE, card)
    attacker = Replayed(card)
    assert through(attacker).token == token
    attacker.card = None
    said = through(attacker)
    assert (said.token, said.scheme) == (UID.hex().upper(), "desfire")
    assert said.fault in {CardFault.BROKEN, CardFault.WRONG_KEY}
