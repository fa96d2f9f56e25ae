"""Our reader as a conforming peripheral: what it answers, repeats, refuses and forgets."""

import os
from collections.abc import Callable
from dataclasses import replace

import pytest

from firmware_shims.osdp_machine import Machine
from hardware.osdp import lamps
from hardware.osdp.codec import Frame, decode
from hardware.osdp.messages import Command, Message, Nak, Reply
from hardware.osdp.session import Session
from hardware.signals import Lamp

KEY, OTHER = os.urandom(16), os.urandom(16)


def command(code: int, data: bytes = b"", *, sequence: int = 0, address: int = 1) -> Frame:
    return Frame(address, reply=False, sequence=sequence, block=b"", body=bytes([code]) + data)


class Talk:
    """A session with a machine."""

    def __init__(self, machine: Machine, key: bytes = KEY) -> None:
        self.machine, self.session = machine, Session(machine.address, key)
        while not self.session.established:
            self.session.hear(self.answer())

    def answer(self) -> Frame:
        asked = decode(self.session.wire)
        assert asked is not None
        reply = self.machine.hear(asked)
        assert reply is not None
        return reply

    def ask(self, code: int, data: bytes = b"") -> Message:
        self.session.ask(Message(code, data))
        heard = self.session.hear(self.answer())
        assert isinstance(heard, Message)
        return heard


@pytest.fixture
def talk() -> Talk:
    return Talk(Machine(1, KEY, inputs=2))


def test_it_hears_only_commands_to_its_own_address() -> None:
    machine = Machine(1, KEY)
    assert machine.hear(command(Command.ID, b"\0", address=2)) is None
    assert machine.hear(replace(command(Command.ID, b"\0"), reply=True)) is None
    assert machine.hear(command(Command.ID, b"\0")) is not None


@pytest.mark.parametrize("code", [Command.POLL, Command.LED, Command.LSTAT, Command.KEYSET, Command.OUT])
def test_in_clear_it_does_nothing_but_name_itself(code: Command) -> None:
    machine = Machine(1, KEY)
    for asked, answered in ((Command.ID, Reply.PDID), (Command.CAP, Reply.PDCAP)):
        reply = machine.hear(command(asked, b"\0"))
        assert reply is not None
        assert reply.body[0] == answered
    reply = machine.hear(command(code, bytes(14)))
    assert reply is not None
    assert reply.body == bytes([Reply.NAK, Nak.NOT_IN_CLEAR])
    assert not machine.lamps


def test_it_repeats_its_reply_to_a_repeated_command(talk: Talk) -> None:
    talk.machine.news.append(Message(Reply.RAW, b"\0\0\x08\0\x77"))
    talk.session.ask(Message(Command.POLL))
    assert talk.answer() == talk.answer()
    assert talk.session.hear(talk.answer()) == Message(Reply.RAW, b"\0\0\x08\0\x77")
    assert talk.ask(Command.POLL) == Message(Reply.ACK)


def test_it_does_what_it_is_told_under_the_secure_channel(talk: Talk) -> None:
    for lamp in Lamp:
        led, buzzer = lamps.commands(lamp)
        assert talk.ask(led.code, led.data) == Message(Reply.ACK)
        assert talk.ask(buzzer.code, buzzer.data) == Message(Reply.ACK)
    assert list(talk.machine.lamps) == list(Lamp)
    assert len(talk.machine.tones) == len(Lamp)
    talk.machine.inputs[1] = 3
    assert talk.ask(Command.ISTAT) == Message(Reply.ISTATR, b"\0\3")
    assert talk.ask(Command.LSTAT) == Message(Reply.LSTATR, b"\0\0")
    assert talk.ask(Command.OUT, b"\1\2\0\0") == Message(Reply.OSTATR, b"\0\1")
    assert talk.ask(Command.OSTAT) == Message(Reply.OSTATR, b"\0\1")
    assert talk.ask(Command.OUT, b"\1\1\0\0") == Message(Reply.OSTATR, b"\0\0")


@pytest.mark.parametrize(
    ("code", "data", "reason"),
    [
        (Command.LED, bytes(14), Nak.RECORD),
        (Command.BUZ, bytes(4), Nak.RECORD),
        (Command.OUT, b"\2\2\0\0", Nak.RECORD),
        (Command.KEYSET, b"\1\x10" + bytes(15), Nak.RECORD),
        (0x6B, b"", Nak.UNKNOWN_COMMAND),
    ],
)
def test_it_refuses_what_it_cannot_do_and_stays_in_session(
    talk: Talk, code: int, data: bytes, reason: Nak
) -> None:
    assert talk.ask(code, data) == Message(Reply.NAK, bytes([reason]))
    assert talk.ask(Command.POLL) == Message(Reply.ACK)


def test_it_takes_a_new_key_inside_a_session_and_the_old_one_is_gone(talk: Talk) -> None:
    assert talk.ask(Command.KEYSET, b"\1\x10" + OTHER) == Message(Reply.ACK)
    assert talk.machine.channel is None
    assert Talk(talk.machine, OTHER).ask(Command.POLL) == Message(Reply.ACK)


def test_it_drops_the_session_for_a_wrong_sequence_a_wrong_mac_or_clear_text(talk: Talk) -> None:
    spoils: list[Callable[[Frame], Frame]] = [
        lambda asked: replace(asked, sequence=asked.sequence % 3 + 1),
        lambda asked: replace(asked, body=asked.body[:-1] + bytes([asked.body[-1] ^ 1])),
        lambda asked: replace(asked, block=b"", body=b"\x60"),
    ]
    for spoil in spoils:
        fresh = Talk(talk.machine)
        fresh.session.ask(Message(Command.POLL))
        asked = decode(fresh.session.wire)
        assert asked is not None
        reply = talk.machine.hear(spoil(asked))
        assert reply is not None
        assert (reply.block, reply.body[0]) == (b"", Reply.NAK)
        assert talk.machine.channel is None


def test_a_panel_without_the_key_gets_no_session() -> None:
    machine, session = Machine(1, KEY), Session(1, OTHER)
    session.hear(_answer(machine, session))
    false_proof = replace(command(Command.SCRYPT, bytes(16), sequence=2), block=b"\x13\x01")
    _answer(machine, session)
    reply = machine.hear(false_proof)
    assert reply is not None
    assert reply.body[0] == Reply.NAK
    assert machine.channel is None


def _answer(machine: Machine, session: Session) -> Frame:
    asked = decode(session.wire)
    assert asked is not None
    reply = machine.hear(asked)
    assert reply is not None
    return reply


def test_a_power_loss_takes_session_and_news_but_not_the_key(talk: Talk) -> None:
    talk.machine.news.append(Message(Reply.RAW, b"\0\0\x08\0\x77"))
    talk.machine.forget()
    assert talk.machine.channel is None
    assert Talk(talk.machine).ask(Command.POLL) == Message(Reply.ACK)
