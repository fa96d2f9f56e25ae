"""The exchange with one peripheral on a clock of the test's own: nothing here waits."""

import os
import random
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from firmware_shims.osdp_bench import Lockstep
from firmware_shims.osdp_lies import Lie, told
from firmware_shims.osdp_machine import ACK
from hardware.osdp.codec import Frame, decode, encode
from hardware.osdp.messages import Command, Message, Nak, Reply
from hardware.signals import CardRead, DeviceBack, DeviceLost, KeysTyped, Lamp, Level, LineLevel, TamperLevel

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


def held_back(pair: Lockstep) -> list[Frame]:
    """The replies from now on, which reach nobody."""
    late: list[Frame] = []

    def hold(_: Frame, reply: Frame) -> list[Frame]:
        late.append(reply)
        return []

    pair.wire = hold
    return late


def count(signals: Sequence[object], wanted: object) -> int:
    return sum(signal == wanted for signal in signals)


def test_after_every_connection_cover_and_all_lines_are_told_once() -> None:
    pair = Lockstep(KEY, INPUTS)
    pair.machine.inputs[:] = bytes([1, 3])
    pair.run(5)
    assert pair.signals == [
        DeviceBack("in"),
        TamperLevel("in", active=False),
        LineLevel("contact", Level.ACTIVE),
        LineLevel("bolt", Level.CUT),
    ]


def test_a_reader_is_up_within_a_tenth_of_a_second() -> None:
    assert DeviceBack("in") in Lockstep(KEY, INPUTS).run(0.1)


def test_a_live_reader_is_polled_every_twenty_milliseconds(pair: Lockstep) -> None:
    pair.commands.clear()
    pair.run(2.0)
    assert 95 <= len(pair.commands) <= 106


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
    late = held_back(pair)
    pair.turn()
    assert pair.engine.hear(late[0], pair.now) == [READ]
    pair.wire = lambda _, reply: [reply]
    assert pair.run(1.0) == []


def test_old_replies_between_the_polls_bring_nothing_twice(pair: Lockstep) -> None:
    pair.machine.news.append(CARD)
    old = held_back(pair)
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


def test_a_busy_reader_is_asked_the_same_again_after_a_pause(pair: Lockstep) -> None:
    busy = Frame(1, reply=True, sequence=0, block=b"", body=bytes([Reply.BUSY]))
    pair.machine.news.append(CARD)
    pair.commands.clear()
    before = pair.now
    pair.wire = lambda _, reply: [busy] if len(pair.commands) < 4 else [reply]
    assert pair.run(0.5) == [READ]
    assert pair.commands[0] == pair.commands[1] == pair.commands[2] == pair.commands[3]
    assert pair.now - before >= 0.3


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
    late = held_back(pair)
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
        LineLevel("contact", Level.NORMAL),
        LineLevel("bolt", Level.NORMAL),
    ]


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
    pair.machine.execute = lambda asked: CARD if asked.code == Command.POLL else ACK  # type: ignore[method-assign]
    pair.run(1.5)
    assert pair.signals[0] == DeviceBack("in")


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
    assert pair.run(1.8) == [DeviceLost("in", why)]
    assert pair.run(30.0) == []


@pytest.mark.parametrize(
    "lie", [Lie.WRONG_MAC, Lie.WRONG_SEQUENCE, Lie.CLEAR_CARD, Lie.CLEAR_TEXT, Lie.NAK, Lie.BUSY]
)
def test_a_reader_that_turns_is_lost_within_two_seconds_and_back_within_one(pair: Lockstep, lie: Lie) -> None:
    pair.wire = lambda command, reply: [lied(lie, pair, command, reply)]
    pair.machine.news.append(CARD)
    pair.run(1.8)
    assert sum(isinstance(signal, DeviceLost) for signal in pair.signals) == 1
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


def test_a_reader_that_never_comes_up_is_reported_with_the_reason() -> None:
    pair = Lockstep(KEY)
    pair.machine.key = os.urandom(16)
    assert pair.run(2.0) == [DeviceLost("in", "in does not hold our key")]


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
