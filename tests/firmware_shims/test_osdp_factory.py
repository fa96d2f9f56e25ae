"""Our reader without a key, with another identity, on a bad supply; and the wiretap beside it."""

import os
from time import monotonic

import pytest
from serial import Serial

from firmware_shims.osdp_machine import IDENTITY, Machine
from firmware_shims.rs485 import Rs485Hub
from firmware_shims.wiretap import Wiretap
from hardware.osdp.codec import Frame, decode, encode
from hardware.osdp.messages import Command, Message, Reply, cover_open, identity, message, power_lost
from hardware.osdp.secure import SecureError
from hardware.osdp.session import Session

KEY = os.urandom(16)
KEYSET = Message(Command.KEYSET, bytes([1, 16]) + KEY)


def talk(machine: Machine, session: Session) -> Session:
    """Brings a session up, or raises what ends it."""
    while not session.established:
        session.hear(answer(machine, session))
    return session


def answer(machine: Machine, session: Session) -> Frame:
    asked = decode(session.wire)
    assert asked is not None
    reply = machine.hear(asked)
    assert reply is not None
    return reply


def ask(machine: Machine, session: Session, question: Message) -> Message:
    session.ask(question)
    said = session.hear(answer(machine, session))
    assert isinstance(said, Message)
    return said


def test_a_reader_from_the_factory_speaks_under_the_default_key_and_offers_no_other() -> None:
    machine = Machine(1, None)
    with pytest.raises(SecureError, match="offers only the public default key"):
        talk(machine, Session(1, KEY))
    assert ask(machine, talk(machine, Session.under_default_key(1)), Message(Command.POLL)).code == Reply.ACK


def test_a_reader_with_a_key_refuses_the_default_one() -> None:
    with pytest.raises(SecureError, match="refuses the secure channel"):
        talk(Machine(1, KEY), Session.under_default_key(1))


def test_a_reader_takes_a_key_once_says_yes_twice_if_asked_twice_and_needs_a_new_session() -> None:
    machine = Machine(1, None)
    session = talk(machine, Session.under_default_key(1))
    session.ask(KEYSET)
    first = answer(machine, session)
    assert answer(machine, session) == first
    assert session.hear(first) == Message(Reply.ACK)
    assert machine.key == KEY
    assert machine.channel is None
    assert talk(machine, Session(1, KEY)).established


def test_a_power_loss_keeps_the_key_and_forgets_the_session() -> None:
    machine = Machine(1, KEY)
    talk(machine, Session(1, KEY))
    machine.forget()
    assert machine.channel is None
    assert talk(machine, Session(1, KEY)).established


@pytest.mark.parametrize("who", [IDENTITY, "FFEEDD-7F-80-01020304"])
def test_a_reader_says_who_it_is_as_the_panel_reads_it(who: str) -> None:
    machine = Machine(1, KEY, 0, who)
    said = ask(machine, talk(machine, Session(1, KEY)), Message(Command.ID, b"\0"))
    assert identity(said.data) == who


@pytest.mark.parametrize("lost", [True, False])
def test_a_reader_tells_its_supply_beside_its_cover(*, lost: bool) -> None:
    machine = Machine(1, KEY)
    machine.power_lost, machine.cover_open = lost, not lost
    said = machine.local_status()
    assert (power_lost(said.data), cover_open(said.data)) == (lost, not lost)


def test_a_wiretap_hears_both_directions_and_changes_what_it_is_told_to() -> None:
    poll = Frame(1, reply=False, sequence=1, block=b"", body=bytes([Command.POLL]))
    ack = Frame(1, reply=True, sequence=1, block=b"", body=bytes([Reply.ACK]))
    with (
        Rs485Hub(2) as hub,
        Serial(hub.names[0], timeout=5) as panel,
        Serial(hub.names[1], timeout=5) as reader,
    ):
        tap = Wiretap(hub)
        panel.write(encode(poll))
        assert reader.read(len(encode(poll))) == encode(poll)
        tap.edit = lambda frame: [frame, frame] if frame.reply else []
        panel.write(encode(poll))
        reader.write(encode(ack))
        assert panel.read(2 * len(encode(ack)) + 2) == 2 * (b"\xff" + encode(ack))
        assert tap.said(Command.POLL, reply=False) == [poll, poll]
        assert tap.said(Reply.ACK, reply=True) == [ack]
        assert message(tap.frames[-1].body).code == Reply.ACK
        tap.remove()
        panel.write(encode(poll))
        assert reader.read(len(encode(poll))) == encode(poll)
        assert len(tap.frames) == 3


def test_a_paced_line_takes_its_time() -> None:
    burst = bytes(120)
    with (
        Rs485Hub(2, baud=9600) as hub,
        Serial(hub.names[0], timeout=5) as one,
        Serial(hub.names[1], timeout=5) as two,
    ):
        begun = monotonic()
        one.write(burst)
        assert two.read(len(burst)) == burst
        assert monotonic() - begun >= 10 * len(burst) / 9600
