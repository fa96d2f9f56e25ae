"""When a peripheral counts as lost, why, and how it comes back; on a clock of the test's own."""

import os
from collections import Counter
from itertools import pairwise

import pytest

from firmware_shims.osdp_bench import Lockstep
from hardware.osdp.codec import Frame
from hardware.osdp.messages import Command, Message, Reply
from hardware.signals import CardRead, DeviceBack, DeviceLost, Level, LineLevel, PowerLevel, TamperLevel

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


def test_a_reader_that_never_comes_up_is_reported_with_the_reason() -> None:
    pair = Lockstep(KEY)
    pair.machine.key = os.urandom(16)
    assert pair.run(2.0) == [DeviceLost("in", "in does not hold our key", suspect=True)]


def test_a_busy_reader_is_asked_the_same_again_after_a_pause(pair: Lockstep) -> None:
    busy = Frame(1, reply=True, sequence=0, block=b"", body=bytes([Reply.BUSY]))
    pair.machine.news.append(CARD)
    pair.commands.clear()
    times: list[float] = []

    def busy_thrice(_: Frame, reply: Frame) -> list[Frame]:
        times.append(pair.now)
        return [busy] if len(times) < 4 else [reply]

    pair.wire = busy_thrice
    assert pair.run(0.5) == [READ]
    assert pair.commands[0] == pair.commands[1] == pair.commands[2] == pair.commands[3]
    assert all(after - before >= 0.1 for before, after in pairwise(times[:4]))


def test_a_lost_reader_that_needs_time_for_the_handshake_gets_it(pair: Lockstep) -> None:
    busy = Frame(1, reply=True, sequence=0, block=b"", body=bytes([Reply.BUSY]))
    pair.wire = lambda _, __: []
    pair.run(3.0)
    pair.machine.forget()
    seen: Counter[Frame] = Counter()

    def slow_to_compute(command: Frame, reply: Frame) -> list[Frame]:
        seen[command] += 1
        return [busy] if command.block[:1] in {b"\x11", b"\x13"} and seen[command] < 3 else [reply]

    pair.wire = slow_to_compute
    assert DeviceBack("in") in pair.run(2.0)


@pytest.mark.parametrize(
    ("name", "reply"),
    [
        ("does not answer", None),
        ("is busy", Frame(1, reply=True, sequence=0, block=b"", body=bytes([Reply.BUSY]))),
    ],
)
def test_a_reader_without_an_authentic_answer_is_lost_within_two_seconds(
    pair: Lockstep, name: str, reply: Frame | None
) -> None:
    pair.wire = lambda _, __: [reply] if reply else []
    pair.run(1.8)
    (lost,) = pair.signals
    assert isinstance(lost, DeviceLost)
    assert name in lost.why


def test_a_reader_that_refuses_every_poll_is_lost(pair: Lockstep) -> None:
    pair.wire = lambda _, reply: (
        [pair.machine.reply(Message(Reply.NAK, b"\x09"))]
        if reply.block[:1] in {b"\x16", b"\x18"}
        else [reply]
    )
    pair.run(10.0)
    losses = [signal for signal in pair.signals if isinstance(signal, DeviceLost)]
    assert [loss.why for loss in losses] == ["in refuses what it is asked (NAK 9)"]
    assert DeviceBack("in") not in pair.signals


def test_a_lost_reader_costs_little_and_is_back_within_a_second(pair: Lockstep) -> None:
    pair.wire = lambda _, __: []
    pair.run(5.0)
    pair.commands.clear()
    pair.run(10.0)
    assert len(pair.commands) * pair.engine.patience < 1.5
    pair.machine.forget()
    pair.wire = lambda _, reply: [reply]
    assert DeviceBack("in") in pair.run(1.0)


def test_an_answer_that_comes_after_the_short_wait_still_brings_a_lost_reader_back(pair: Lockstep) -> None:
    pair.wire = lambda _, __: []
    pair.run(3.0)
    late = pair.hold()
    while not late:
        pair.turn()
    pair.wire = lambda _, reply: [reply]
    pair.engine.hear(late[-1], pair.now)
    assert pair.engine.due == pair.now
    assert DeviceBack("in") in pair.run(0.2)


def test_a_reader_that_restarted_is_reported_and_taken_up_again(pair: Lockstep) -> None:
    pair.machine.forget()
    pair.run(1.0)
    assert isinstance(pair.signals[0], DeviceLost)
    assert "forgotten the session" in pair.signals[0].why
    assert pair.signals[1:] == [
        DeviceBack("in"),
        TamperLevel("in", active=False),
        PowerLevel("in", lost=False),
        LineLevel("contact", Level.NORMAL),
        LineLevel("bolt", Level.NORMAL),
    ]


def test_what_a_returning_reader_refuses_to_tell_comes_after_its_return(pair: Lockstep) -> None:
    pair.machine.forget()
    pair.machine.local_status = lambda: Message(Reply.NAK, b"\x09")  # type: ignore[method-assign]
    pair.run(0.8)
    assert pair.signals[1:3] == [DeviceBack("in"), TamperLevel("in", active=True)]


def test_whoever_breaks_sessions_as_fast_as_they_are_built_does_not_fill_the_log(pair: Lockstep) -> None:
    pair.wire = lambda _, reply: (
        [pair.machine.clear(CARD)] if pair.engine.announced and pair.now % 0.5 < 0.05 else [reply]
    )
    pair.run(120.0)
    losses = sum(isinstance(signal, DeviceLost) for signal in pair.signals)
    assert 5 <= losses <= 20
    pair.wire = lambda _, reply: [reply]
    pair.run(30.0)
    pair.machine.forget()
    assert DeviceBack("in") in pair.run(1.0)


def test_cards_saved_up_while_nobody_listened_open_nothing(pair: Lockstep) -> None:
    pair.wire = lambda _, __: []
    pair.run(3.0)
    pair.machine.forget()
    pair.machine.news.extend([CARD] * 5)
    pair.wire = lambda _, reply: [reply]
    pair.run(2.0)
    assert DeviceBack("in") in pair.signals
    assert READ not in pair.signals
    pair.machine.news.append(CARD)
    assert pair.run(0.1) == [READ]


def test_a_reader_that_never_stops_telling_old_news_is_taken_up_in_the_end() -> None:
    pair = Lockstep(KEY)
    execute = pair.machine.execute
    pair.machine.execute = lambda asked: CARD if asked.code == Command.POLL else execute(asked)  # type: ignore[method-assign]
    pair.run(1.5)
    assert pair.signals[0] == DeviceBack("in")


def test_a_fault_that_changes_is_reported_anew_but_not_in_a_flood(pair: Lockstep) -> None:
    pair.wire = lambda _, __: []
    pair.run(5.0)
    pair.machine.key = os.urandom(16)
    pair.machine.forget()
    pair.wire = lambda _, reply: [reply] if pair.now % 2 > 1 else []
    pair.run(60.0)
    whys = [signal.why for signal in pair.signals if isinstance(signal, DeviceLost)]
    assert whys[:2] == ["in does not answer", "in does not hold our key"]
    assert len(whys) <= 7
    assert DeviceBack("in") not in pair.signals
