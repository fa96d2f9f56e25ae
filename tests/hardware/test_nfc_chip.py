import logging
import random
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nfc.clf import pn532

from firmware_shims.cards.type_a import Card
from firmware_shims.pn532_field import target
from firmware_shims.pn532_frames import ACK, answer
from hardware.nfc_chip import Chip, Found, parse_list
from hardware.nfc_iso_dep import NoiseError, SilentError
from hardware.nfc_port import FAULTS

FRAMES = 10_000
UIDS = st.sampled_from([4, 7, 10]).flatmap(lambda n: st.binary(min_size=n, max_size=n))
CARDS = st.lists(st.builds(Card, UIDS, st.integers(0, 255)), max_size=2, unique_by=lambda card: card.uid)


def told(cards: list[Card]) -> bytes:
    return bytes([len(cards)]) + b"".join(target(n, card) for n, card in enumerate(cards, 1))


@given(CARDS)
def test_a_list_tells_every_card_and_whether_it_can_be_talked_to(cards: list[Card]) -> None:
    assert parse_list(told(cards)) == tuple(Found(c.uid, bool(c.selected & 0x20)) for c in cards)


def test_a_card_that_is_listed_twice_is_one_card() -> None:
    card = Card(b"\1\2\3\4")
    assert len(parse_list(told([card, card]))) == 1


@given(CARDS, st.data())
def test_a_list_that_is_cut_or_prolonged_is_no_list(cards: list[Card], draw: st.DataObject) -> None:
    whole = told(cards)
    cut = draw.draw(st.integers(0, len(whole) - 1))
    for wrong in (whole[:cut], whole + b"\x00"):
        with pytest.raises(ValueError, match=r"list|UID"):
            parse_list(wrong)


@pytest.mark.parametrize(
    "data", ["03", "ff", "010200042004010203040", "0101000420050102030405", "010100042000", "0101"]
)
def test_a_list_of_what_cannot_be_is_no_list(data: str) -> None:
    with pytest.raises(ValueError, match=r"list|UID"):
        parse_list(bytes.fromhex(data + "0" * (len(data) % 2)))


class Wire:
    """A serial port on which each command is answered with the next frame of a store."""

    TYPE = "TTY"

    def __init__(self) -> None:
        self.store: deque[bytes] = deque()

    def write(self, frame: bytes) -> None:
        pass

    def read(self, _: int) -> bytearray:
        if not self.store:
            raise OSError(110, "timed out")
        return bytearray(self.store.popleft())


CARD = Card(b"\x04\1\2\3\4\5\6", 0x20)
GOOD = {
    0x32: b"",
    0x4A: told([CARD]),
    0x06: b"\x80\x80\x40",
    0x08: b"",
    0x42: b"\x00\x02\x90\x00",
}
"""Answers of a chip with one card: field, list, registers read and written, a frame of the card."""
CONVERSATION = (0x32, 0x4A, 0x32, 0x4A, 0x06, 0x08, 0x32, 0x42, 0x32, 0x42)


def _frame(code: int, dice: random.Random) -> bytes:
    good = answer(code, GOOD[code])
    match dice.randrange(6):
        case 0:
            return good
        case 1:
            return dice.randbytes(dice.randrange(40))
        case 2:
            return good[: dice.randrange(len(good))]
        case 3:
            return b"\x00\x00\xff\xff\xff" + dice.randbytes(dice.randrange(20))
        case 4:
            return answer(code, bytes((dice.randrange(3),)) + dice.randbytes(dice.randrange(300)))
        case _:
            at = dice.randrange(len(good))
            return good[:at] + bytes((good[at] ^ 1 << dice.randrange(8),)) + good[at + 1 :]


def test_whatever_the_chip_answers_the_driver_raises_only_what_a_reader_expects() -> None:
    logging.getLogger("nfc").setLevel(logging.CRITICAL + 1)
    dice = random.Random(532)  # noqa: S311
    wire = Wire()
    # The real driver's chipset and exchange, on a chip that is past its beginning.
    device = pn532.Device.__new__(pn532.Device)
    device.chipset = pn532.Chipset(wire, logger=logging.getLogger("nfc.clf"))
    device.log = device.chipset.log
    ends = {"swapped": 0, "fault": 0, "air": 0}
    for _ in range(FRAMES // len(CONVERSATION)):
        chip = Chip(device)
        wire.store.clear()
        for code in CONVERSATION:
            good = answer(code, GOOD[code])
            wire.store += [ACK, good if dice.random() < 0.8 else _frame(code, dice)]
        try:
            for card in chip.cards():
                chip.select(card.uid)
                chip.first(b"\xe0\x80", 0.2)
                chip.swap(b"\x02\x60", 0.05)
                ends["swapped"] += 1
        except FAULTS:
            ends["fault"] += 1
        except (SilentError, NoiseError):
            ends["air"] += 1
    assert all(ends.values())
