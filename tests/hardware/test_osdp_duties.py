"""Transparent readers and boards with outputs on a whole bus: several devices, threads, ptys."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import pairwise

import pytest

from firmware_shims.osdp_bench import Listener
from firmware_shims.osdp_outputs import OutputBoard
from firmware_shims.osdp_peripheral import OsdpPeripheral
from firmware_shims.osdp_transparent import Habits, TransparentReader
from firmware_shims.rs485 import Rs485Hub
from hardware.credentials.exchange import Exchange, Proof, Scheme
from hardware.credentials.site_keys import SiteKeys
from hardware.osdp import OsdpBus, Peripheral
from hardware.osdp.codec import Parser
from hardware.osdp.transparent_messages import LONGEST_ANSWER, LONGEST_APDU, XWR
from hardware.signals import CardRead, DeviceBack, Level, LineLevel
from tests.hardware.osdp_card_bench import NUMBER, READING, PlainCard

KEYS = [os.urandom(16) for _ in range(3)]
DEEP = replace(READING, schemes=(Scheme("long", "a test", keyed=False, read=lambda *_: long_talk()),))


def long_talk() -> Exchange:
    """The longest command and the longest answer there are."""
    answer = yield bytes(LONGEST_APDU)
    return Proof(answer[:16].hex().upper())


class LongCard(PlainCard):
    def answer(self, apdu: bytes) -> bytes | None:
        return apdu[:1] * (LONGEST_ANSWER - 2) + b"\x90\x00" if len(apdu) == LONGEST_APDU else b"\x6d\x00"


class Room:
    """A transparent reader, a plain one and a board on one line."""

    def __init__(self, habits: Habits) -> None:
        self.hub = Rs485Hub(4)
        self.cards = TransparentReader(1, KEYS[0], habits=habits)
        self.plain = OsdpPeripheral(2, KEYS[1])
        self.board = OutputBoard(3, KEYS[2], outputs=2)
        for peer, port in zip((self.cards, self.plain, self.board), self.hub.names[1:], strict=True):
            peer.start(port)
        self.heard = Listener()

    def bus(self, reading: object = READING) -> OsdpBus:
        peripherals = [
            Peripheral(1, "in", KEYS[0], reading=reading),  # type: ignore[arg-type]
            Peripheral(2, "out", KEYS[1]),
            Peripheral(3, "board", KEYS[2], outputs=(0, 1)),
        ]
        return OsdpBus(self.hub.names[0], peripherals=peripherals, sink=self.heard)

    def close(self) -> None:
        for peer in (self.cards, self.plain, self.board):
            peer.stop()
        self.hub.close()


@pytest.fixture(params=[Habits(), Habits(later=True)], ids=["at once", "later"])
def room(request: pytest.FixtureRequest) -> Iterator[Room]:
    room = Room(request.param)
    yield room
    room.close()


def test_a_card_is_proved_while_the_other_devices_go_on(room: Room) -> None:
    bus = room.bus()
    bus.start()
    for device in ("in", "out", "board"):
        assert room.heard.wait(DeviceBack(device))
    assert room.cards.wait_ready(30)
    room.cards.put(PlainCard())
    room.plain.present("CAFEBABE")
    bus.set_output("board", 1, True, 0.3)
    read = room.heard.wait_for(lambda said: isinstance(said, CardRead) and said.device == "in")
    assert isinstance(read, CardRead)
    assert (read.token, read.scheme, read.uid, read.fault) == (
        "5A" * 16,
        "strong",
        NUMBER.hex().upper(),
        None,
    )
    assert room.heard.wait(CardRead("out", "CAFEBABE"))
    assert room.heard.wait(LineLevel("board.out1", Level.ACTIVE))
    on = room.heard.heard.index(LineLevel("board.out1", Level.ACTIVE))
    assert room.heard.wait(LineLevel("board.out1", Level.NORMAL), since=on)
    bus.stop()


def test_the_longest_apdu_and_the_longest_answer_pass_in_one_message(room: Room) -> None:
    bus = room.bus(DEEP)
    bus.start()
    assert room.cards.wait_ready(30)
    room.cards.put(LongCard())
    read = room.heard.wait(CardRead)
    assert isinstance(read, CardRead)
    assert (read.scheme, read.token) == ("long", "00" * 16)
    bus.stop()


def test_outputs_that_are_not_there_cannot_be_set(room: Room) -> None:
    bus = room.bus()
    for device, number in (("board", 2), ("in", 0), ("nobody", 0)):
        with pytest.raises(KeyError):
            bus.set_output(device, number, True)
    with pytest.raises(ValueError, match="output numbers"):
        Peripheral(1, "in", KEYS[0], outputs=(64,))


def test_a_box_without_a_site_key_says_so(room: Room) -> None:
    bus = room.bus(replace(READING, keys=lambda: None))
    bus.start()
    assert room.cards.wait_ready(30)
    room.cards.put(PlainCard())
    read = room.heard.wait(CardRead)
    assert isinstance(read, CardRead)
    assert (read.scheme, read.fault) == ("strong", "no_key")
    bus.stop()


def test_keys_are_asked_for_at_each_card(room: Room) -> None:
    given: list[SiteKeys | None] = [None, SiteKeys(os.urandom(32))]
    bus = room.bus(replace(READING, keys=lambda: given.pop(0)))
    bus.start()
    assert room.cards.wait_ready(30)
    room.cards.put(PlainCard())
    assert room.heard.wait_for(lambda said: isinstance(said, CardRead) and said.fault == "no_key")
    room.cards.take()
    room.cards.put(PlainCard())
    assert room.heard.wait_for(lambda said: isinstance(said, CardRead) and said.token == "5A" * 16)
    bus.stop()


def test_on_a_full_line_a_card_is_asked_every_second_turn() -> None:
    keys = [os.urandom(16) for _ in range(9)]
    asked: list[int] = []
    parser = Parser()

    def tap(port: int, data: bytes) -> bytes:
        if port == 0:
            asked.extend(frame.body[0] for frame in parser.feed(data))
        return data

    with Rs485Hub(10, baud=115200) as hub, ExitStack() as stack:
        reader = TransparentReader(1, keys[0])
        readers = [reader, *(OsdpPeripheral(n, key) for n, key in enumerate(keys[1:], start=2))]
        for one, port in zip(readers, hub.names[1:], strict=True):
            one.start(port)
            stack.callback(one.stop)
        heard = Listener()
        peripherals = [Peripheral(n, f"r{n}", key) for n, key in enumerate(keys, start=1)]
        peripherals[0] = replace(peripherals[0], reading=READING)
        bus = OsdpBus(hub.names[0], peripherals=peripherals, sink=heard)
        bus.start()
        stack.callback(bus.stop)
        assert all(heard.wait(DeviceBack(f"r{n}")) for n in range(1, 10))
        assert reader.wait_ready(30)
        hub.mangle = tap
        reader.put(PlainCard())
        assert heard.wait(CardRead)
    questions = [turn for turn, code in enumerate(asked) if code == XWR]
    between = sorted(after - before for before, after in pairwise(questions))
    assert between[len(between) // 2] <= 2
