"""The exchange with one peripheral on a clock of the test's own: nothing here waits."""

import os
from collections.abc import Callable, Sequence

import pytest

from firmware_shims.osdp_bench import Lockstep
from hardware.osdp.messages import Command, Message, Nak, Reply
from hardware.signals import (
    CardRead,
    DeviceBack,
    DeviceLost,
    KeysTyped,
    Lamp,
    Level,
    LineLevel,
    PowerLevel,
    TamperLevel,
)

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


def count(signals: Sequence[object], wanted: object) -> int:
    return sum(signal == wanted for signal in signals)


def test_after_every_connection_cover_and_all_lines_are_told_once() -> None:
    pair = Lockstep(KEY, INPUTS)
    pair.machine.inputs[:] = bytes([1, 3])
    pair.run(5)
    assert pair.signals == [
        DeviceBack("in"),
        TamperLevel("in", active=False),
        PowerLevel("in", lost=False),
        LineLevel("contact", Level.ACTIVE),
        LineLevel("bolt", Level.CUT),
    ]


def test_a_reader_is_up_within_a_tenth_of_a_second() -> None:
    assert DeviceBack("in") in Lockstep(KEY, INPUTS).run(0.1)


def test_a_live_reader_is_polled_every_ten_milliseconds(pair: Lockstep) -> None:
    pair.commands.clear()
    pair.run(2.0)
    assert 190 <= len(pair.commands) <= 206


def test_card_and_keys_travel(pair: Lockstep) -> None:
    pair.machine.news.extend([CARD, Message(Reply.KEYPAD, b"\x00\x031\x0d\x7f")])
    assert pair.run(0.1) == [READ, KeysTyped("in", "1#*")]


def test_the_same_card_held_twice_is_read_twice(pair: Lockstep) -> None:
    pair.machine.news.extend([CARD, CARD])
    assert pair.run(0.1) == [READ, READ]


def test_a_lost_reply_is_asked_for_again_with_the_same_sequence_and_read_once(pair: Lockstep) -> None:
    pair.machine.news.append(CARD)
    pair.commands.clear()
    pair.wire = lambda _, __: []
    pair.turn()
    pair.wire = lambda _, reply: [reply]
    pair.run(0.3)
    assert pair.commands[0] == pair.commands[1]
    assert pair.commands[2].sequence == pair.commands[1].sequence % 3 + 1
    assert pair.signals == [READ]


def test_a_reader_that_says_everything_twice_is_heard_once(pair: Lockstep) -> None:
    pair.wire = lambda _, reply: [reply, reply]
    pair.machine.news.append(CARD)
    assert pair.run(1.0) == [READ]


def test_a_late_reply_counts_even_after_the_wait(pair: Lockstep) -> None:
    pair.machine.news.append(CARD)
    late = pair.hold()
    pair.turn()
    assert pair.engine.hear(late[0], pair.now) == [READ]
    pair.wire = lambda _, reply: [reply]
    assert pair.run(1.0) == []


def test_old_replies_between_the_polls_bring_nothing_twice(pair: Lockstep) -> None:
    pair.machine.news.append(CARD)
    old = pair.hold()
    pair.turn()
    pair.wire = lambda _, reply: [reply]
    pair.run(0.4)
    pair.wire = lambda _, reply: [old[0], reply]
    pair.run(3.0)
    assert count(pair.signals, READ) == 1
    assert any(isinstance(signal, DeviceLost) for signal in pair.signals)


def test_one_refusal_is_an_answer_and_no_outage(pair: Lockstep) -> None:
    pair.wire = lambda _, reply: (
        [pair.machine.reply(Message(Reply.NAK, bytes([Nak.RECORD])))]
        if len(pair.commands) % 3 == 0
        else [reply]
    )
    assert not any(isinstance(signal, DeviceLost) for signal in pair.run(5.0))


@pytest.mark.parametrize("code", [Command.LED, Command.BUZ])
def test_a_reader_without_lamp_or_sounder_is_still_a_reader(pair: Lockstep, code: Command) -> None:
    pair.machine._set = _refusing(code)  # type: ignore[assignment,method-assign]
    pair.engine.show(Lamp.REFUSED)
    pair.run(2.0)
    pair.machine.news.append(CARD)
    assert pair.run(0.2) == [READ]
    assert pair.signals == [READ]


def _refusing(code: Command) -> Callable[[Message], None]:
    def refuse(asked: Message) -> None:
        if asked.code == code:
            raise NotImplementedError

    return refuse


def test_a_missed_change_of_an_input_or_the_cover_heals_within_a_second(pair: Lockstep) -> None:
    pair.machine.inputs[0] = 2
    pair.machine.cover_open = True
    assert pair.run(1.2) == [TamperLevel("in", active=True), LineLevel("contact", Level.SHORT)]


def test_lamps_are_shown_in_order_and_the_last_one_again_after_an_outage(pair: Lockstep) -> None:
    pair.engine.show(Lamp.PENDING)
    pair.engine.show(Lamp.GRANTED)
    pair.run(0.2)
    assert list(pair.machine.lamps) == [Lamp.IDLE, Lamp.PENDING, Lamp.GRANTED]
    pair.wire = lambda _, __: []
    pair.run(3.0)
    for lamp in [Lamp.REFUSED, Lamp.IDLE] * 20 + [Lamp.WAIT]:
        pair.engine.show(lamp)
    pair.machine.forget()
    pair.machine.lamps.clear()
    pair.wire = lambda _, reply: [reply]
    pair.run(1.0)
    assert list(pair.machine.lamps) == [Lamp.WAIT]


def test_every_refusal_is_the_same_on_the_wire() -> None:
    refusals = set()
    for before in Lamp:
        pair = Lockstep(KEY)
        pair.run(0.5)
        pair.engine.show(before)
        pair.run(0.1)
        heard = _overheard(pair)
        pair.engine.show(Lamp.REFUSED)
        pair.run(0.1)
        refusals.add(tuple(asked for asked in heard if asked.code in {Command.LED, Command.BUZ}))
    assert len(refusals) == 1
    assert len(refusals.pop()) == 2


def _overheard(pair: Lockstep) -> list[Message]:
    """What the reader is told from now on."""
    heard: list[Message] = []
    execute = pair.machine.execute

    def listening(asked: Message) -> Message:
        heard.append(asked)
        return execute(asked)

    pair.machine.execute = listening  # type: ignore[method-assign]
    return heard
