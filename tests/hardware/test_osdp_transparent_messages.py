"""Bytes of osdp_XWR and osdp_XRD: the layouts that libosdp, libosdp-conformance and OSDP.Net share."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.osdp import transparent_messages as wire
from hardware.osdp.codec import Frame, encode
from hardware.osdp.messages import MalformedError, Message
from hardware.osdp.secure import Channel, SessionKeys

COMMANDS = {
    "A1000201 00": wire.set_mode(wire.TRANSPARENT_MODE),
    "A1000200 00": wire.set_mode(wire.NORMAL_MODE),
    "A1010400": wire.LOOK,
    "A1010200": wire.LEAVE,
    "A1010100 00A4040000": wire.send(bytes.fromhex("00A4040000")),
    "7B2301": wire.receive_size(0x0123),
    "6200": wire.CAPABILITIES,
}
REPORTS = {
    "000007": wire.Refused(7),
    "010001": wire.Refused(1),
    "00010100": wire.ModeIs(1),
    "000101": wire.ModeIs(1),
    "0002 00 01 07 02 04112233445566 7577": wire.CardIs(bytes.fromhex("04112233445566")),
    "0002 00 00 04 00 01020304": wire.CardIs(bytes.fromhex("01020304")),
    "010100": wire.CardHere(here=True),
    "01010002": wire.CardHere(here=True),
    "01010000": wire.CardHere(here=False),
    "01020000 9000": wire.CardSays(0, b"\x90\x00"),
    "01020002": wire.CardSays(2, b""),
}
NONSENSE = """
-
00
01
0000
000001FF
0100
000100FF00
0003
0201
0101
01010004
01010100
0101000000
0102
010200
01020100
010301
0002
00020001
000200010100
000200010000
000200010B000102030405060708090A0B
00020001040201020304
00020101010001
"""


@pytest.mark.parametrize("spelling", COMMANDS)
def test_a_command_has_one_spelling(spelling: str) -> None:
    asked = COMMANDS[spelling]
    assert bytes([asked.code]) + asked.data == bytes.fromhex(spelling)


@pytest.mark.parametrize("spelling", REPORTS)
def test_a_report_means_what_the_standard_says(spelling: str) -> None:
    assert wire.report(bytes.fromhex(spelling)) == REPORTS[spelling]


@pytest.mark.parametrize("spelling", NONSENSE.split())
def test_a_report_of_any_other_form_is_refused(spelling: str) -> None:
    with pytest.raises(MalformedError):
        wire.report(bytes.fromhex(spelling.strip("-")))


@given(st.binary(max_size=300))
def test_no_bytes_whatever_bring_a_report_down(data: bytes) -> None:
    with suppress(MalformedError):
        wire.report(data)
    with suppress(MalformedError):
        wire.capability(data, wire.SMART_CARDS)


@pytest.mark.parametrize("length", [0, wire.LONGEST_APDU + 1])
def test_an_apdu_that_fits_no_message_is_not_sent(length: int) -> None:
    with pytest.raises(ValueError, match="APDU"):
        wire.send(bytes(length))


@pytest.mark.parametrize(
    ("data", "found"),
    [("0C0100", (1, 0)), ("040301 0C0001 0A8000", (0, 1)), ("040301", None), ("010101 0A8000", None)],
)
def test_a_capability_is_found_or_is_not_there(data: str, found: tuple[int, int] | None) -> None:
    assert wire.capability(bytes.fromhex(data), wire.SMART_CARDS) == found


@pytest.mark.parametrize("data", ["", "0C", "0C01", "0C010000"])
def test_capabilities_of_another_length_are_refused(data: str) -> None:
    with pytest.raises(MalformedError):
        wire.capability(bytes.fromhex(data), wire.SMART_CARDS)


def sealed(said: Message, *, reply: bool) -> bytes:
    channel = Channel(SessionKeys.derive(bytes(range(16)), bytes(8)), bytes(16))
    body = bytes([said.code]) + said.data
    return encode(channel.seal(Frame(1, reply=reply, sequence=1, block=b"", body=body)))


@pytest.mark.parametrize("apdu", range(1, wire.LONGEST_APDU + 1))
def test_the_room_that_is_reckoned_around_an_apdu_is_enough(apdu: int) -> None:
    assert len(sealed(wire.send(bytes(apdu)), reply=False)) <= apdu + wire.AROUND_APDU


def test_the_longest_answer_fits_into_the_longest_message() -> None:
    answer = Message(wire.XRD, bytes([1, 2, 0, 0]) + bytes(wire.LONGEST_ANSWER))
    assert len(sealed(answer, reply=True)) <= wire.LONGEST_MESSAGE
