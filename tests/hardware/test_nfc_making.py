import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

import pytest

from firmware_shims.cards import iso_dep
from firmware_shims.cards.type_a import Card
from firmware_shims.heard import Heard
from firmware_shims.pn532 import Pn532
from hardware.credentials.exchange import CardRefusedError, Exchange, NotThisCardError, Proof, Scheme
from hardware.credentials.site_keys import SiteKeys
from hardware.credentials.uid import UID
from hardware.nfc_reader import TAKEN_BACK, NfcReader
from hardware.signals import BadgeMade, BadgeNotMade, CardFault, CardRead, DeviceBack, DeviceLost, Signal

DOOR = "main.in"
UID_HEX = "04A1B2C3D4E5F6"
SOON_S, LONG_S = 0.3, 60.0
SITE = SiteKeys(bytes(range(32)))
OK, NONE = b"\x90\x00", b"\x6a\x82"
Start = Callable[..., NfcReader]


@dataclass
class Blank:
    """Keeps what is written on it; a worn one forgets it at once."""

    uid: bytes = bytes.fromhex(UID_HEX)
    number: bytes = b""
    worn: bool = False

    def answer(self, apdu: bytes) -> bytes:
        if apdu[:1] == b"W":
            self.number = os.urandom(16) if self.worn else apdu[1:17]
        return (self.number + OK) if self.number else NONE


def read(_: bytes, __: SiteKeys | None) -> Exchange:
    told = yield b"R"
    if told == NONE:
        raise NotThisCardError("it is blank")
    return Proof(told[:-2].hex().upper())


def make(_: bytes, __: SiteKeys | None) -> Exchange:
    number = os.urandom(16)
    for step in (b"W" + number, b"-", b"-", b"-"):
        done = yield step
        if done[-2:] != OK:
            raise CardRefusedError(CardFault.BROKEN, "it does not take the number")
    return Proof(number.hex().upper())


PAPER = Scheme("paper", "paper", keyed=False, read=read, make=make)
KEYED = Scheme("paper", "paper", keyed=True, read=read, make=make)


@pytest.fixture
def desk(chip: Pn532, heard: Heard, open_reader: Start) -> Callable[..., NfcReader]:
    def start(scheme: Scheme = PAPER, keys: SiteKeys | None = None) -> NfcReader:
        reader = open_reader(chip.port, heard, schemes=(scheme, UID), keys=lambda: keys)
        assert heard.wait(DeviceBack(DOOR))
        return reader

    return start


@pytest.fixture
def order(chip: Pn532, desk: Start) -> Callable[..., NfcReader]:
    """Has a badge made of the next card, at a reader that has been seen empty since."""

    def ask(scheme: Scheme = PAPER, taken: frozenset[str] = frozenset(), **how: Any) -> NfcReader:
        reader = desk(**how)
        reader.personalise(scheme, monotonic() + LONG_S, taken)
        assert chip.wait_scans(3)
        return reader

    return ask


def answers(heard: Heard) -> list[Signal]:
    return heard.of(BadgeMade, BadgeNotMade)


def refusal(heard: Heard) -> str:
    assert heard.wait_kind(BadgeNotMade)
    (said,) = answers(heard)
    assert isinstance(said, BadgeNotMade)
    assert said.device == DOOR
    return said.why


def test_the_next_card_becomes_a_badge_that_proves_itself_and_is_no_presentation(
    chip: Pn532, heard: Heard, order: Start
) -> None:
    blank = Blank()
    order()
    chip.put(iso_dep.card(blank))
    assert heard.wait_kind(BadgeMade)
    token = blank.number.hex().upper()
    assert answers(heard) == [BadgeMade(DOOR, "paper", token, UID_HEX)]
    assert chip.wait_scans(3)
    assert not heard.of(CardRead)
    chip.take()
    assert chip.wait_scans(3)
    chip.put(iso_dep.card(blank))
    assert heard.wait(CardRead(DOOR, token, "paper", uid=UID_HEX))


def test_a_blank_that_shows_the_number_of_a_badge_is_told_nothing(
    chip: Pn532, heard: Heard, order: Start
) -> None:
    dep = iso_dep.IsoDep(Blank())
    order(PAPER, frozenset({UID_HEX}))
    chip.put(Card(bytes.fromhex(UID_HEX), talk=dep, reset=dep.reset))
    assert "already" in refusal(heard)
    assert not dep.apdus


def test_a_card_that_lies_there_when_the_order_comes_is_lifted_first(
    chip: Pn532, heard: Heard, desk: Start
) -> None:
    blank = Blank()
    reader = desk()
    chip.put(iso_dep.card(blank))
    assert heard.wait(CardRead(DOOR, UID_HEX, "uid", uid=UID_HEX))
    reader.personalise(PAPER, monotonic() + LONG_S)
    assert chip.wait_scans(5)
    assert not answers(heard)
    assert blank.number == b""
    chip.take()
    assert chip.wait_scans(3)
    chip.put(iso_dep.card(blank))
    assert heard.wait_kind(BadgeMade)


def test_a_sticker_hidden_under_the_reader_becomes_no_badge_and_is_told_of(
    chip: Pn532, heard: Heard, desk: Start
) -> None:
    sticker, card = Blank(), Blank(b"\x11\x22\x33\x44")
    reader = desk()
    chip.put(iso_dep.card(sticker))
    assert heard.wait_kind(CardRead)
    reader.personalise(PAPER, monotonic() + 3 * SOON_S)
    chip.put_together(iso_dep.card(sticker), iso_dep.card(card))
    assert chip.wait_scans(3)
    chip.take(card.uid.hex())
    assert "lay on the reader from the beginning" in refusal(heard)
    assert sticker.number == card.number == b""


def test_a_card_that_one_sense_misses_was_not_lifted(chip: Pn532, heard: Heard, desk: Start) -> None:
    blank = Blank()
    reader = desk()
    chip.put(iso_dep.card(blank))
    assert heard.wait_kind(CardRead)
    reader.personalise(PAPER, monotonic() + LONG_S)
    chip.cut_next_scan(0)
    assert chip.wait_scans(6)
    assert not answers(heard)
    assert blank.number == b""


@pytest.mark.parametrize("scheme", [PAPER, KEYED])
def test_a_card_that_was_spoken_to_in_a_keyed_making_is_named_when_it_fails(
    chip: Pn532, heard: Heard, order: Start, scheme: Scheme
) -> None:
    order(scheme, keys=SITE)
    chip.put(iso_dep.card(Blank(worn=True)))
    assert heard.wait_kind(BadgeNotMade)
    (said,) = answers(heard)
    assert isinstance(said, BadgeNotMade)
    assert said.uid == (UID_HEX if scheme is KEYED else "")


@pytest.mark.parametrize("after", range(1, 9))
def test_a_card_torn_away_in_a_keyed_making_is_named_once_it_was_spoken_to(
    chip: Pn532, heard: Heard, order: Start, after: int
) -> None:
    order(KEYED, keys=SITE)
    chip.tear(after - 1)
    chip.put(iso_dep.card(Blank()))
    if after > 7:
        assert heard.wait_kind(BadgeMade)
        return
    assert heard.wait_kind(BadgeNotMade)
    (said,) = answers(heard)
    assert isinstance(said, BadgeNotMade)
    assert said.uid == (UID_HEX if after > 1 else "")


@pytest.mark.parametrize("card", [UID_HEX, iso_dep.card(Blank(b"\x08\x01\x02\x03"))])
def test_a_card_that_was_not_spoken_to_is_not_named(
    chip: Pn532, heard: Heard, order: Start, card: str | Card
) -> None:
    order(KEYED, keys=SITE)
    chip.put(card)
    assert heard.wait_kind(BadgeNotMade)
    (said,) = answers(heard)
    assert isinstance(said, BadgeNotMade)
    assert said.uid == ""


def test_an_order_that_no_card_comes_to_expires(chip: Pn532, heard: Heard, desk: Start) -> None:
    desk().personalise(PAPER, monotonic() + SOON_S)
    assert "no card came in time" in refusal(heard)
    chip.put(iso_dep.card(Blank()))
    assert heard.wait_kind(CardRead)
    assert len(answers(heard)) == 1


def test_an_order_that_is_over_when_it_comes_makes_nothing_of_a_card_that_lies_there(
    chip: Pn532, heard: Heard, desk: Start
) -> None:
    blank = Blank()
    reader = desk()
    chip.put(iso_dep.card(blank))
    assert heard.wait_kind(CardRead)
    reader.personalise(PAPER, monotonic() - 1)
    assert "lay on the reader" in refusal(heard)
    assert blank.number == b""


def test_an_order_at_a_lost_reader_expires_too(chip: Pn532, heard: Heard, desk: Start) -> None:
    reader = desk()
    chip.vanish()
    assert heard.wait_kind(DeviceLost)
    reader.personalise(PAPER, monotonic() + SOON_S)
    assert "no card came in time" in refusal(heard)


def test_a_second_order_is_refused_at_once_and_the_first_goes_on(
    chip: Pn532, heard: Heard, desk: Start
) -> None:
    reader = desk()
    reader.personalise(PAPER, monotonic() + LONG_S)
    reader.personalise(PAPER, monotonic() + LONG_S)
    assert refusal(heard) == "this reader is making another badge"
    assert chip.wait_scans(3)
    chip.put(iso_dep.card(Blank()))
    assert heard.wait_kind(BadgeMade)
    reader.personalise(PAPER, monotonic() + LONG_S)
    chip.take()
    assert chip.wait_scans(3)
    chip.put(iso_dep.card(Blank()))
    assert heard.wait_kind(BadgeMade, 2)


def test_of_many_orders_at_once_exactly_one_is_taken(heard: Heard, desk: Start) -> None:
    reader = desk()
    gate = threading.Barrier(8)

    def order() -> None:
        gate.wait()
        reader.personalise(PAPER, monotonic() + LONG_S)

    threads = [threading.Thread(target=order) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers(heard)) == 7
    reader.stop()
    assert answers(heard)[7:] == [BadgeNotMade(DOOR, "the reader has stopped")]
    reader.personalise(PAPER, monotonic() + LONG_S)
    assert answers(heard)[8:] == [BadgeNotMade(DOOR, "this reader has stopped")]


def test_two_cards_make_no_badge_and_the_one_that_stays_does(chip: Pn532, heard: Heard, order: Start) -> None:
    first, second = Blank(), Blank(b"\x11\x22\x33\x44")
    order()
    chip.put_together(iso_dep.card(first), iso_dep.card(second))
    assert chip.wait_scans(3)
    assert not answers(heard)
    assert first.number == second.number == b""
    chip.take(second.uid.hex())
    assert heard.wait_kind(BadgeMade)
    assert first.number != b""


@pytest.mark.parametrize("after", range(1, 9))
def test_a_card_torn_away_while_it_is_made_is_no_badge(
    chip: Pn532, heard: Heard, order: Start, after: int
) -> None:
    order()
    chip.tear(after - 1)
    chip.put(iso_dep.card(Blank()))
    # Activation and four steps; activation and one step to prove itself.
    if after > 7:
        assert heard.wait_kind(BadgeMade)
    else:
        assert refusal(heard) == "the card was taken away before it was done"
    assert len(answers(heard)) == 1


def test_a_card_that_keeps_another_number_is_no_badge(chip: Pn532, heard: Heard, order: Start) -> None:
    order()
    chip.put(iso_dep.card(Blank(worn=True)))
    assert refusal(heard) == "the card shows another number than it was given"


def test_a_card_with_a_random_uid_is_told_nothing(chip: Pn532, heard: Heard, order: Start) -> None:
    blank = Blank(b"\x08\x01\x02\x03")
    order()
    chip.put(iso_dep.card(blank))
    assert "a random number" in refusal(heard)
    assert blank.number == b""


def test_a_storage_card_becomes_no_badge(chip: Pn532, heard: Heard, order: Start) -> None:
    order()
    chip.put(UID_HEX)
    assert "cannot become a badge of level paper" in refusal(heard)


def test_a_level_that_is_made_elsewhere_is_not_made_here(chip: Pn532, heard: Heard, order: Start) -> None:
    order(UID)
    chip.put(iso_dep.card(Blank()))
    assert refusal(heard) == "a badge of level uid is not made here"


def test_without_a_site_key_nothing_keyed_is_made(chip: Pn532, heard: Heard, order: Start) -> None:
    blank = Blank()
    order(KEYED)
    chip.put(iso_dep.card(blank))
    assert refusal(heard) == "this box has no site key yet"
    assert blank.number == b""


def test_a_chip_that_fails_in_the_middle_makes_no_badge(chip: Pn532, heard: Heard, order: Start) -> None:
    class Failing(Blank):
        def answer(self, apdu: bytes) -> bytes:
            chip.stall()
            return super().answer(apdu)

    order()
    chip.mangle = None
    chip.put(iso_dep.card(Failing()))
    # The answer that was being given still comes; the next question meets a dead chip.
    assert refusal(heard) == "the reader failed while the badge was made"


def test_an_order_that_is_taken_back_is_answered_once_and_the_card_that_comes_then_is_read(
    chip: Pn532, heard: Heard, order: Start
) -> None:
    blank = Blank()
    reader = order()
    reader.withdraw()
    reader.withdraw()
    assert refusal(heard) == TAKEN_BACK
    chip.put(iso_dep.card(blank))
    assert heard.wait(CardRead(DOOR, UID_HEX, "uid", uid=UID_HEX))
    assert blank.number == b""
    chip.take()
    reader.personalise(PAPER, monotonic() + LONG_S)
    assert chip.wait_scans(4)
    chip.put(iso_dep.card(blank))
    assert heard.wait_kind(BadgeMade)


def test_a_card_that_is_being_made_when_it_is_taken_back_becomes_a_badge(
    chip: Pn532, heard: Heard, order: Start
) -> None:
    taken_back = threading.Event()

    def slowly(uid: bytes, keys: SiteKeys | None) -> Exchange:
        reader.withdraw()
        taken_back.set()
        return (yield from make(uid, keys))

    blank = Blank()
    reader = order(Scheme("paper", "paper", keyed=False, read=read, make=slowly))
    chip.put(iso_dep.card(blank))
    assert heard.wait_kind(BadgeMade)
    assert taken_back.is_set()
    assert answers(heard) == [BadgeMade(DOOR, "paper", blank.number.hex().upper(), UID_HEX)]
