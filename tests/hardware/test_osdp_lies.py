"""Lying readers and a wire that does its worst, at full speed: nothing false ever gets through."""

import os
import random
from collections import deque
from dataclasses import replace
from typing import Literal, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_shims.osdp_bench import Lockstep
from firmware_shims.osdp_lies import Lie, told
from hardware.osdp.codec import Frame, decode, encode
from hardware.osdp.messages import Message, Reply
from hardware.signals import CardRead, DeviceBack, DeviceLost, KeysTyped, Level, LineLevel, TamperLevel

KEY = os.urandom(16)
CARD = Message(Reply.RAW, bytes([0, 0, 32, 0]) + bytes.fromhex("DEADBEEF"))
READ = CardRead("in", "DEADBEEF")
INPUTS = {0: "contact", 1: "bolt"}


@pytest.fixture
def pair() -> Lockstep:
    """Panel and reader after the first announcement."""
    pair = Lockstep(KEY, INPUTS)
    pair.run(0.5)
    assert pair.signals[0] == DeviceBack("in")
    pair.signals.clear()
    return pair


Deed = Literal["pass", "drop", "twice", "flip", "late", "old", "clear", "restart"]
deeds = st.lists(st.tuples(st.sampled_from(get_args(Deed)), st.integers(0, 10_000)), max_size=80)


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        (Lie.DEFAULT_KEY, "in offers only the public default key"),
        (Lie.CLEAR_TEXT, "in refuses the secure channel (NAK 5)"),
        (Lie.WRONG_VERDICT, "in does not accept our proof of the key"),
        (Lie.WRONG_MAC, "in sends a message that was forged, changed or said before"),
        (Lie.WRONG_SEQUENCE, "in answers out of sequence"),
        (Lie.CLEAR_CARD, "in speaks in clear text inside the secure channel"),
        (Lie.NAK, "in refuses what it is asked (NAK 9)"),
        (Lie.BUSY, "in is busy and does nothing else"),
    ],
)
def test_a_reader_that_never_comes_up_honestly_is_reported_once_with_the_reason(lie: Lie, why: str) -> None:
    pair = Lockstep(KEY)
    pair.wire = lambda command, reply: [lied(lie, pair, command, reply)]
    pair.machine.news.extend([CARD] * 9)
    suspect = lie not in {Lie.WRONG_SEQUENCE, Lie.NAK, Lie.BUSY}
    assert pair.run(1.8) == [DeviceLost("in", why, suspect)]
    assert pair.run(30.0) == []


@pytest.mark.parametrize(
    "lie", [Lie.WRONG_MAC, Lie.WRONG_SEQUENCE, Lie.CLEAR_CARD, Lie.CLEAR_TEXT, Lie.NAK, Lie.BUSY]
)
def test_a_reader_that_turns_is_lost_within_two_seconds_and_back_within_one(pair: Lockstep, lie: Lie) -> None:
    pair.wire = lambda command, reply: [lied(lie, pair, command, reply)]
    pair.machine.news.append(CARD)
    pair.run(1.8)
    losses = [signal for signal in pair.signals if isinstance(signal, DeviceLost)]
    # Refusals in clear look like a power loss first; what follows does not.
    assert [loss.suspect for loss in losses] in ([True], [False], [False, True])
    pair.wire = lambda _, reply: [reply]
    assert DeviceBack("in") in pair.run(1.0)
    assert READ not in pair.signals


def test_a_reader_that_refuses_to_tell_its_state_counts_as_tampered(pair: Lockstep) -> None:
    pair.wire = lambda command, reply: [lied(Lie.NAK, pair, command, reply)]
    pair.run(1.1)
    assert pair.signals == [
        TamperLevel("in", active=True),
        LineLevel("contact", Level.CUT),
        LineLevel("bolt", Level.CUT),
    ]


def lied(lie: Lie, pair: Lockstep, command: Frame, reply: Frame) -> Frame:
    frame = decode(told(lie, pair.machine, command, reply))
    assert frame is not None
    return frame


@settings(deadline=None)
@given(deeds)
def test_whatever_the_wire_does_no_card_is_invented_and_none_read_twice(
    deeds: list[tuple[Deed, int]],
) -> None:
    pair = Lockstep(KEY)
    pair.run(0.2)
    genuine: list[Frame] = []
    held: list[Frame] = []

    def wire(_: Frame, reply: Frame) -> list[Frame]:
        genuine.append(reply)
        deed, number = deeds[turn]
        return _done(deed, reply, genuine[number % len(genuine)], number, held, pair)

    pair.wire = wire
    for turn in range(len(deeds)):
        pair.machine.news.append(Message(Reply.RAW, bytes([0, 0, 32, 0]) + turn.to_bytes(4)))
        pair.turn()
    pair.wire = lambda _, reply: [reply]
    while not pair.engine.announced:
        pair.turn()
    pair.run(1.0)
    read = [signal.token for signal in pair.signals if isinstance(signal, CardRead)]
    assert len(set(read)) == len(read)
    assert set(read) <= {turn.to_bytes(4).hex().upper() for turn in range(len(deeds))}
    pair.machine.news.append(CARD)
    assert READ in pair.run(0.1)


def _done(
    deed: Deed, reply: Frame, old: Frame, number: int, held: list[Frame], pair: Lockstep
) -> list[Frame]:
    """The frames that arrive at the panel when this is done to a reply."""
    if deed == "late":
        held.append(reply)
    if deed == "restart":
        pair.machine.forget()
    flipped = bytearray(reply.body)
    flipped[number % len(flipped)] ^= 1 << number % 8
    done = {
        "drop": [],
        "late": [],
        "twice": [reply, reply],
        "flip": [replace(reply, body=bytes(flipped))],
        "old": [old, reply],
        "clear": [pair.machine.clear(CARD), reply],
    }
    return done.get(deed, [*held, reply])


def test_ten_thousand_mutated_replies_bring_no_card_and_no_crash(pair: Lockstep) -> None:
    """Genuine replies, changed and given a correct CRC again, so that only the Secure Channel can tell."""
    dice = random.Random(1701)  # noqa: S311  # a reproducible spoiler of frames, not a secret
    genuine: deque[Frame] = deque(maxlen=40)
    deaths = 0

    def honest(_: Frame, reply: Frame) -> list[Frame]:
        genuine.append(reply)
        return [reply]

    def spoil(_: Frame, reply: Frame) -> list[Frame]:
        mutants = [_mutant(dice, dice.choice([reply, dice.choice(genuine)])) for _ in range(4)]
        return [mutant for mutant in mutants if mutant and mutant != reply]

    pair.wire = honest
    pair.run(0.5)
    for _ in range(2_500):
        pair.wire = honest
        while not pair.engine.announced:
            pair.turn()
        pair.machine.news.append(CARD)
        pair.signals.clear()
        pair.wire = spoil
        pair.turn()
        assert not any(isinstance(signal, CardRead | KeysTyped) for signal in pair.signals)
        deaths += not pair.engine.announced
    assert deaths > 2_000


def _mutant(dice: random.Random, frame: Frame) -> Frame | None:
    """A genuine reply with a few bits changed, or under another block or sequence number."""
    body = bytearray(frame.body)
    for _ in range(dice.randint(0, 3)):
        body[dice.randrange(len(body))] ^= 1 << dice.randrange(8)
    block = dice.choice([frame.block, frame.block, b"", b"\x16", b"\x18", b"\x12\x01", b"\x14\x01"])
    sequence = dice.choice([frame.sequence, dice.randrange(4)])
    return decode(encode(replace(frame, body=bytes(body), block=block, sequence=sequence)))
