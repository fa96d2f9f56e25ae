"""What a card may answer under EV2 secure messaging, and what is refused of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.credentials.aes import cmac, encrypted, truncated
from hardware.credentials.ev2 import CommMode, Session
from hardware.credentials.exchange import CardRefusedError
from hardware.signals import CardFault
from tests.credentials.ev2_examples import SETTINGS, hex_, session, table_14, table_19


def answered(talk: Session, data: bytes, *, secret: bool) -> bytes:
    """What a card would say to the next command of this session."""
    count = (talk.counter + 1).to_bytes(2, "little")
    if secret:
        data = encrypted(
            talk.key_enc, data, encrypted(talk.key_enc, b"\x5a\xa5" + talk.ti + count + bytes(8))
        )
    return data + truncated(cmac(talk.key_mac, b"\x00" + count + talk.ti + data)) + b"\x91\x00"


def refused(talk: Session, response: bytes) -> CardFault:
    with pytest.raises(CardRefusedError) as caught:
        talk.open(response)
    return caught.value.fault


@given(st.integers(0, 8 * (len(SETTINGS) // 2 + 10) - 1))
def test_no_bit_of_an_answer_can_be_changed(bit: int) -> None:
    talk = session("7A21085E", "00" * 16, "8248134A386E86EB7FAF54A52E536CB6")
    talk.command(0xF5, b"\x02", mode=CommMode.MAC)
    answer = bytearray(hex_(SETTINGS + "2A474282E7A479869100"))
    answer[bit // 8] ^= 1 << bit % 8
    assert refused(talk, bytes(answer)) is CardFault.BROKEN


def test_an_answer_of_an_earlier_command_is_refused() -> None:
    talk = table_14()
    talk.command(0xF5, b"\x02", mode=CommMode.MAC)
    answer = answered(talk, b"once", secret=False)
    assert talk.open(answer) == b"once"
    talk.command(0xF5, b"\x02", mode=CommMode.MAC)
    assert refused(talk, answer) is CardFault.BROKEN


def test_an_answer_is_opened_and_one_of_another_session_is_refused() -> None:
    talk = table_14()
    talk.command(0xBD, bytes(7))
    secret = b"a badge's number\x80" + bytes(15)
    assert refused(talk, answered(table_19(), secret, secret=True)) is CardFault.BROKEN
    talk = table_14()
    talk.command(0xBD, bytes(7))
    assert talk.open(answered(talk, secret, secret=True)) == b"a badge's number"


@pytest.mark.parametrize("text", [bytes(32), b"\x80" + bytes(31), b"number" + bytes(10)])
def test_a_wrong_padding_under_a_right_mac_is_refused(text: bytes) -> None:
    talk = table_14()
    talk.command(0xBD, bytes(7))
    assert refused(talk, answered(talk, text, secret=True)) is CardFault.BROKEN


def test_a_part_of_a_block_under_a_right_mac_is_refused() -> None:
    talk = table_14()
    talk.command(0xBD, bytes(7))
    assert refused(talk, answered(talk, bytes(15), secret=False)) is CardFault.BROKEN


@given(st.binary(max_size=300), st.sampled_from([b"", b"\x91\x00"]), st.sampled_from(CommMode))
def test_without_a_right_mac_an_answer_is_broken(body: bytes, status: bytes, mode: CommMode) -> None:
    response = body + status
    talk = table_14()
    talk.command(0xBD, bytes(7), mode=mode)
    if mode is CommMode.PLAIN and len(response) <= 258 and response[-2:] == b"\x91\x00":
        assert talk.open(response) == response[:-2]
    else:
        assert refused(talk, response) is CardFault.BROKEN


@pytest.mark.parametrize(("length", "taken"), [(0, True), (256, True), (257, False)])
def test_an_answer_has_at_most_256_bytes(length: int, taken: bool) -> None:
    talk = table_14()
    talk.command(0xAD, bytes(7), mode=CommMode.PLAIN)
    answer = bytes(length) + b"\x91\x00"
    if taken:
        assert talk.open(answer) == bytes(length)
    else:
        assert refused(talk, answer) is CardFault.BROKEN


def test_as_many_bytes_as_are_due_must_come_back() -> None:
    talk = table_14()
    ask = talk.ask(0xBD, bytes(7), mode=CommMode.MAC, due=3)
    next(ask)
    with pytest.raises(CardRefusedError):
        ask.send(answered(talk, b"four", secret=False))
