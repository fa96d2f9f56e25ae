"""One session: the handshake step by step, every way it can be wrong, and what never leaves the panel."""

import os
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_shims.osdp_lies import FORGED_CARD
from firmware_shims.osdp_machine import Machine
from hardware.osdp.codec import Frame, decode
from hardware.osdp.messages import POLL, Command, Message, Nak, Reply
from hardware.osdp.secure import DEFAULT_KEY, SecureError
from hardware.osdp.session import DOUBTS, Heard, Session

KEY = os.urandom(16)
Change = Callable[[Frame], Frame]


def sent(session: Session) -> Frame:
    frame = decode(session.wire)
    assert frame is not None
    return frame


def answer(session: Session, machine: Machine) -> Frame:
    reply = machine.hear(sent(session))
    assert reply is not None
    return reply


def spoilt(reply: Frame) -> Frame:
    return replace(reply, body=reply.body[:-1] + bytes([reply.body[-1] ^ 1]))


def until_established() -> tuple[Session, Machine]:
    session, machine = Session(1, KEY), Machine(1, KEY)
    for _ in range(3):
        assert session.hear(answer(session, machine)) == Heard.STEP
    assert session.established
    return session, machine


def test_the_handshake_asks_for_id_then_challenges_then_proves() -> None:
    session, machine = Session(1, KEY), Machine(1, KEY)
    commands = []
    while not session.established:
        commands.append(sent(session))
        session.hear(answer(session, machine))
    assert [(frame.sequence, frame.body[0], frame.block) for frame in commands] == [
        (0, Command.ID, b""),
        (1, Command.CHLNG, b"\x11\x01"),
        (2, Command.SCRYPT, b"\x13\x01"),
    ]


def test_sequence_numbers_go_one_two_three_and_never_back_to_zero() -> None:
    session, machine = until_established()
    sequences = []
    for _ in range(7):
        session.ask(POLL)
        sequences.append(sent(session).sequence)
        session.hear(answer(session, machine))
    assert sequences == [3, 1, 2, 3, 1, 2, 3]


def test_every_session_challenges_with_another_random_number() -> None:
    seen = set()
    for _ in range(200):
        session = Session(1, KEY)
        session.hear(answer(session, Machine(1, KEY)))
        seen.add(sent(session).body[1:])
    assert len(seen) == 200


def test_after_the_handshake_everything_is_sealed() -> None:
    session, machine = until_established()
    for question in (POLL, Message(Command.LED, bytes(14)), Message(Command.LSTAT)) * 5:
        session.ask(question)
        assert sent(session).block in {b"\x15", b"\x17"}
        session.hear(answer(session, machine))


def test_a_question_stays_the_same_bytes_until_it_is_answered() -> None:
    session, machine = until_established()
    session.ask(POLL)
    before = session.wire
    session.hear(Frame(1, reply=True, sequence=0, block=b"", body=bytes([Reply.BUSY])))
    assert session.wire == before
    with pytest.raises(RuntimeError):
        session.ask(POLL)
    assert session.hear(answer(session, machine)) == Message(Reply.ACK)


def test_the_last_answer_again_says_nothing() -> None:
    session, machine = until_established()
    session.ask(POLL)
    reply = answer(session, machine)
    session.hear(reply)
    assert session.hear(reply) == Heard.NOTHING
    session.ask(POLL)
    assert session.hear(reply) == Heard.NOTHING
    assert session.waiting


ack = Frame(1, reply=True, sequence=1, block=b"", body=bytes([Reply.ACK]))
nak = Frame(1, reply=True, sequence=1, block=b"", body=bytes([Reply.NAK, 5]))


@pytest.mark.parametrize(
    ("step", "change", "why"),
    [
        (1, lambda _: nak, "refuses the secure channel"),
        (1, lambda _: ack, "does not answer the challenge"),
        (1, lambda reply: replace(reply, block=b""), "does not answer the challenge"),
        (1, lambda reply: replace(reply, block=b"\x12\x00"), "public default key"),
        (1, lambda reply: replace(reply, block=b"\x12\x02"), "does not answer the challenge"),
        (1, lambda reply: replace(reply, block=b"\x14\x01"), "does not answer the challenge"),
        (1, lambda reply: replace(reply, body=reply.body[:-1]), "does not answer the challenge"),
        (1, lambda reply: replace(reply, body=reply.body + b"\0"), "does not answer the challenge"),
        (1, spoilt, "does not hold our key"),
        (1, lambda reply: replace(reply, body=reply.body[:9] + bytes(8) + reply.body[17:]), "our key"),
        (1, lambda reply: replace(reply, sequence=2), "out of sequence"),
        (2, lambda reply: replace(reply, block=b"\x14\x00"), "does not accept our proof"),
        (2, lambda reply: replace(reply, block=b"\x14\xff"), "does not accept our proof"),
        (2, lambda reply: replace(reply, block=b"\x14\x02"), "does not accept our proof"),
        (2, lambda reply: replace(reply, block=b"\x14"), "does not accept our proof"),
        (2, lambda reply: replace(reply, block=b""), "does not accept our proof"),
        (2, lambda _: replace(nak, sequence=2), "does not accept our proof"),
        (2, spoilt, "wrong MAC"),
        (2, lambda reply: replace(reply, body=reply.body[:-1]), "wrong MAC"),
        (2, lambda reply: replace(reply, sequence=3), "out of sequence"),
    ],
)
def test_a_handshake_that_is_not_exactly_right_is_over(step: int, change: Change, why: str) -> None:
    session, machine = Session(1, KEY), Machine(1, KEY)
    for _ in range(step):
        session.hear(answer(session, machine))
    with pytest.raises(SecureError, match=why):
        session.hear(change(answer(session, machine)))
    assert not session.established


def test_a_reader_with_another_key_is_not_ours() -> None:
    session, machine = Session(1, KEY), Machine(1, os.urandom(16))
    session.hear(answer(session, machine))
    with pytest.raises(SecureError, match="does not hold our key"):
        session.hear(answer(session, machine))


def test_a_reader_with_the_public_default_key_is_not_ours() -> None:
    session, machine = Session(1, KEY), Machine(1, DEFAULT_KEY)
    session.hear(answer(session, machine))
    with pytest.raises(SecureError, match="does not hold our key"):
        session.hear(answer(session, machine))


def test_what_a_reader_says_about_itself_in_clear_changes_nothing() -> None:
    session = Session(1, KEY)
    for body in (b"\x45" + os.urandom(12), b"\x46\x09\x00\x00", b"\x41\x06", FORGED_CARD.data):
        other = Session(1, KEY)
        assert other.hear(Frame(1, reply=True, sequence=0, block=b"", body=body)) == Heard.STEP
        assert sent(other).body[0] == Command.CHLNG
    assert session.greeting


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda reply: replace(reply, block=b"", body=b"\x40"), "clear text"),
        (lambda reply: replace(reply, block=b"", body=b"\x50" + FORGED_CARD.data), "clear text"),
        (lambda reply: replace(reply, sequence=reply.sequence % 3 + 1), "out of sequence"),
        (lambda reply: replace(reply, sequence=0), "out of sequence"),
        (spoilt, "forged"),
        (lambda reply: replace(reply, block=b"\x14\x01"), "outside the secure channel"),
        (lambda reply: replace(reply, block=b"\x15"), "outside the secure channel"),
    ],
)
def test_a_session_dies_of_one_wrong_answer(change: Change, why: str) -> None:
    session, machine = until_established()
    session.ask(POLL)
    with pytest.raises(SecureError, match=why):
        session.hear(change(answer(session, machine)))


def test_a_session_dies_when_the_reader_speaks_without_being_asked() -> None:
    session, machine = until_established()
    with pytest.raises(SecureError, match="without being asked"):
        session.hear(machine.reply(FORGED_CARD))


def test_refusals_in_clear_are_not_believed_until_they_repeat() -> None:
    session, _ = until_established()
    session.ask(POLL)
    refusal = Frame(1, reply=True, sequence=3, block=b"", body=bytes([Reply.NAK, Nak.NOT_IN_CLEAR]))
    for _ in range(DOUBTS - 1):
        assert session.hear(refusal) == Heard.DOUBT
    with pytest.raises(SecureError, match="forgotten the session"):
        session.hear(refusal)


@settings(deadline=None)
@given(
    st.lists(st.binary(min_size=1, max_size=40), max_size=8),
    st.lists(st.integers(0, 3), min_size=8, max_size=8),
)
def test_no_answer_whatever_makes_the_panel_send_a_key_or_leave_the_channel(
    bodies: list[bytes], sequences: list[int]
) -> None:
    for session in (Session(1, KEY), until_established()[0]):
        if session.established:
            session.ask(POLL)
        for body, sequence in zip(bodies, sequences, strict=False):
            blocks = (b"", b"\x12\x00", b"\x12\x01", b"\x14\x01", b"\x16", b"\x18")
            block = blocks[len(body) % 6] if len(body) > 4 else b""
            was = session.established
            try:
                session.hear(Frame(1, reply=True, sequence=sequence, block=block, body=body))
            except SecureError:
                break
            frame = sent(session)
            assert frame.body[0] not in {Command.KEYSET, Command.OUT}
            assert session.established == was
            assert KEY not in session.wire
