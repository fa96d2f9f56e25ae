"""Longer talks with one device in its free turns: what an errand may do, and what goes on beside it."""

import os
from collections.abc import Collection

import pytest

from firmware_shims.osdp_bench import Lockstep
from hardware.osdp.messages import POLL, Command, Message, Reply
from hardware.signals import CardRead, DeviceBack, Lamp, Level, LineLevel, Signal

KEY = os.urandom(16)
CARD = Message(Reply.RAW, bytes([0, 0, 32, 0]) + bytes.fromhex("DEADBEEF"))
READ = CardRead("in", "DEADBEEF")
OUT = Message(Command.OUT, bytes([0, 2, 0, 0]))


class Talk:
    """An errand with a list of commands; keeps what it heard."""

    def __init__(self, commands: list[Message], codes: Collection[int] = ()) -> None:
        self.codes = codes
        self.commands = commands
        self.answers: list[Message] = []
        self.wanted = len(commands) or 1
        self.losses = 0
        self.sendings = 0

    @property
    def done(self) -> bool:
        return len(self.answers) >= self.wanted

    def next(self) -> Message | None:
        return self.commands.pop(0) if self.commands else None

    def sent(self) -> None:
        self.sendings += 1

    def heard(self, answer: Message) -> list[Signal]:
        self.answers.append(answer)
        return [LineLevel("said", Level.ACTIVE)]

    def lost(self) -> list[Signal]:
        self.losses += 1
        return [LineLevel("said", Level.CUT)]


@pytest.fixture
def pair() -> Lockstep:
    """Panel and reader after the first announcement."""
    pair = Lockstep(KEY, {0: "contact"})
    pair.run(0.5)
    assert pair.signals[0] == DeviceBack("in")
    pair.signals.clear()
    return pair


def test_an_errand_gets_the_answers_to_its_own_commands(pair: Lockstep) -> None:
    talk = Talk([OUT, Message(Command.OSTAT), Message(0x99)])
    pair.engine.entrust(talk)
    pair.run(0.1)
    assert [answer.code for answer in talk.answers] == [Reply.OSTATR, Reply.OSTATR, Reply.NAK]
    assert pair.machine.outputs[0] == 1


def test_an_errand_hears_when_its_command_goes_onto_the_wire(pair: Lockstep) -> None:
    talk = Talk([OUT])
    pair.engine.entrust(talk)
    assert talk.sendings == 0
    pair.run(0.2)
    assert talk.sendings == 1


def test_errands_are_worked_on_one_after_the_other(pair: Lockstep) -> None:
    first, second = Talk([OUT]), Talk([Message(Command.OSTAT)])
    pair.engine.entrust(first)
    pair.engine.entrust(second)
    pair.run(0.1)
    assert first.done
    assert second.answers == [Message(Reply.OSTATR, b"\x01")]


def test_an_errand_does_not_speak_before_the_device_is_announced() -> None:
    pair = Lockstep(KEY)
    talk = Talk([OUT])
    pair.engine.entrust(talk)
    while not pair.engine.announced:
        pair.turn()
        assert talk.commands
    pair.run(0.1)
    assert talk.done


def test_cards_levels_and_lamps_go_on_beside_an_errand_that_never_pauses(pair: Lockstep) -> None:
    talk = Talk([OUT] * 3000)
    pair.engine.entrust(talk)
    pair.machine.news.append(CARD)
    pair.engine.show(Lamp.WAIT)
    pair.machine.inputs[0] = 1
    signals = pair.run(2.0)
    assert READ in signals
    assert LineLevel("contact", Level.ACTIVE) in signals
    assert pair.machine.lamps[-1] == Lamp.WAIT
    assert len(talk.answers) > 500


def test_replies_of_the_codes_an_errand_claims_are_its_own_and_no_others(pair: Lockstep) -> None:
    pair.engine.entrust(talk := Talk([], codes={Reply.KEYPAD}))
    pair.machine.news.extend([CARD, Message(Reply.KEYPAD, b"\x00\x011")])
    assert pair.run(0.1) == [READ, LineLevel("said", Level.ACTIVE)]
    assert talk.answers == [Message(Reply.KEYPAD, b"\x00\x011")]


def test_an_errand_may_poll_and_a_card_in_the_answer_still_counts(pair: Lockstep) -> None:
    pair.engine.entrust(talk := Talk([POLL]))
    pair.machine.news.append(CARD)
    assert READ in pair.run(0.1)
    assert talk.answers == [CARD]


def test_an_errand_hears_of_the_end_of_the_session_and_goes_on_after_the_return(pair: Lockstep) -> None:
    pair.engine.entrust(talk := Talk([], codes={Reply.KEYPAD}))
    pair.wire = lambda _, __: []
    pair.run(3.0)
    assert talk.losses == 1
    assert LineLevel("said", Level.CUT) in pair.signals
    pair.machine.forget()
    pair.wire = lambda _, reply: [reply]
    pair.run(1.0)
    talk.commands.append(OUT)
    pair.run(0.1)
    assert talk.done


@pytest.mark.parametrize("code", [Command.KEYSET, Command.CHLNG, Command.SCRYPT])
def test_an_errand_may_not_touch_keys(pair: Lockstep, code: Command) -> None:
    pair.engine.entrust(Talk([Message(code, bytes(18))]))
    with pytest.raises(ValueError, match="may not send"):
        pair.run(0.1)
