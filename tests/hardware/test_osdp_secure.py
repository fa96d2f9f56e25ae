"""The Secure Channel: forgeries, and the vectors of SIA OSDP annex E (as libosdp's unit tests carry them)."""

import os
from dataclasses import replace

import pytest

from hardware.osdp.codec import Frame, decode, encode
from hardware.osdp.secure import DEFAULT_KEY, Channel, SecureError, SessionKeys, _cbc, verify

PANEL_RANDOM = bytes(range(0xB0, 0xB8))
READER_RANDOM = bytes(range(0xA0, 0xA8))
ANNEX_E = SessionKeys.derive(DEFAULT_KEY, PANEL_RANDOM)
PROOF = bytes.fromhex("26D3356E07762D262801FC8E6665A891")


def test_session_keys_are_those_of_annex_e() -> None:
    assert ANNEX_E.mac1.hex().upper() == "5E86C676603BDEE2D8BEAFE178637332"
    assert ANNEX_E.mac2.hex().upper() == "6FDA86E857777E81132035758239172E"
    assert ANNEX_E.enc.hex().upper() == "BF8DC2A8329ACB8C67C6D0CD9A451682"


def test_cryptograms_and_first_mac_are_those_of_annex_e() -> None:
    assert ANNEX_E.panel_cryptogram(PANEL_RANDOM, READER_RANDOM) == PROOF
    cryptogram = ANNEX_E.peripheral_cryptogram(PANEL_RANDOM, READER_RANDOM)
    assert cryptogram.hex().upper() == "FDE5D2F428EC16312471EA3C02BD7796"
    assert ANNEX_E.first_mac(PROOF).hex().upper() == "B2A30057EB98BA2229EC1F875662B524"


def test_session_keys_do_not_show_themselves() -> None:
    assert repr(ANNEX_E) == "SessionKeys()"


class Ends:
    """Panel and reader at the start of one session."""

    def __init__(self) -> None:
        keys = SessionKeys.derive(os.urandom(16), os.urandom(8))
        first = keys.first_mac(os.urandom(16))
        self.panel, self.reader = Channel(keys, first), Channel(keys, first)
        self.sequence = 0

    def frame(self, body: bytes, *, reply: bool) -> Frame:
        self.sequence = self.sequence if reply else self.sequence % 3 + 1
        return Frame(5, reply=reply, sequence=self.sequence, block=b"", body=body)

    def command(self, body: bytes) -> Frame:
        return self.panel.seal(self.frame(body, reply=False))

    def reply(self, body: bytes) -> Frame:
        return self.reader.seal(self.frame(body, reply=True))

    def exchange(self, body: bytes) -> Frame:
        """The reply to a poll, on its way to the panel."""
        self.reader.open(self.command(b"\x60"))
        return self.reply(body)


@pytest.fixture
def ends() -> Ends:
    return Ends()


@pytest.mark.parametrize("length", [0, 1, 14, 15, 16, 17, 31, 32, 33, 120])
def test_commands_and_replies_of_any_length_come_out_as_they_went_in(ends: Ends, length: int) -> None:
    for turn in range(4):
        said = bytes([0x69]) + bytes([0x80, 0][turn % 2] for _ in range(length))
        assert ends.reader.open(ends.command(said)) == said
        assert ends.panel.open(ends.reply(said)) == said


def test_data_is_not_readable_on_the_wire(ends: Ends) -> None:
    card = b"\x50" + b"CARD-04A1B2C3"
    assert b"CARD" not in encode(ends.exchange(card))


def test_the_same_reply_never_looks_the_same_twice(ends: Ends) -> None:
    seen = set()
    for _ in range(30):
        reply = ends.exchange(b"\x50\x00\x00\x20\x00\xde\xad\xbe\xef")
        ends.panel.open(reply)
        seen.add(reply.body)
    assert len(seen) == 30


def test_every_changed_bit_of_a_sealed_reply_is_noticed(ends: Ends) -> None:
    reply = ends.exchange(b"\x50\x00\x00\x20\x00\xde\xad\xbe\xef")
    for bit in range(len(reply.body) * 8):
        body = bytearray(reply.body)
        body[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SecureError):
            ends.panel.open(replace(reply, body=bytes(body)))
    assert ends.panel.open(reply).hex() == "5000002000deadbeef"


def test_a_change_of_address_sequence_or_direction_is_noticed(ends: Ends) -> None:
    reply = ends.exchange(b"\x40")
    for false in (
        replace(reply, address=6),
        replace(reply, sequence=3),
        replace(reply, reply=False),
        replace(reply, block=b"\x18"),
        replace(reply, block=b"\x15"),
        replace(reply, block=b"\x14"),
        replace(reply, block=b"\x16\x00"),
        replace(reply, block=b""),
    ):
        with pytest.raises(SecureError):
            ends.panel.open(false)
    assert ends.panel.open(reply) == b"\x40"


def test_a_reply_cannot_be_said_again_nor_out_of_order(ends: Ends) -> None:
    first = ends.exchange(b"\x50\x00\x00\x08\x00\x77")
    ends.panel.open(first)
    second = ends.exchange(b"\x50\x00\x00\x08\x00\x77")
    for old in (first, replace(first, sequence=second.sequence)):
        with pytest.raises(SecureError, match="said before"):
            ends.panel.open(old)
    assert ends.panel.open(second)[0] == 0x50


def test_a_reply_of_another_session_under_the_same_key_is_refused() -> None:
    key = os.urandom(16)
    sessions = [SessionKeys.derive(key, os.urandom(8)) for _ in range(2)]
    panel, reader = (Channel(keys, keys.first_mac(bytes(16))) for keys in sessions)
    poll = Frame(5, reply=False, sequence=1, block=b"", body=b"\x60")
    panel.seal(poll)
    reader.seal(poll)
    with pytest.raises(SecureError, match="forged"):
        panel.open(reader.seal(replace(poll, reply=True, body=b"\x40")))


def _with_mac(ends: Ends, shell: Frame) -> Frame:
    """A reply with a correct MAC over whatever a strange peripheral puts into it."""
    content = encode(replace(shell, body=shell.body + bytes(4)))[:-6]
    mac = ends.reader._keys.mac(ends.reader._last[False], content)
    return replace(shell, body=shell.body + mac[:4])


def _unencrypted(ends: Ends, body: bytes) -> Frame:
    return _with_mac(ends, Frame(5, reply=True, sequence=ends.sequence, block=b"\x16", body=body))


def test_readable_data_is_refused_even_with_a_correct_mac(ends: Ends) -> None:
    ends.reader.open(ends.command(b"\x60"))
    with pytest.raises(SecureError, match="unencrypted"):
        ends.panel.open(_unencrypted(ends, b"\x50\x00\x00\x08\x00\x77"))


def test_the_reason_of_a_refusal_may_be_readable(ends: Ends) -> None:
    ends.reader.open(ends.command(b"\x60"))
    assert ends.panel.open(_unencrypted(ends, b"\x41\x03")) == b"\x41\x03"


@pytest.mark.parametrize("clear", [b"", bytes(5), bytes(16), b"\x11" * 16, b"\x80" + bytes(31)])
def test_encrypted_data_without_its_end_mark_is_refused(ends: Ends, clear: bytes) -> None:
    ends.reader.open(ends.command(b"\x60"))
    shell = Frame(5, reply=True, sequence=ends.sequence, block=b"\x18", body=b"")
    data = _cbc(ends.reader._keys.enc, ends.reader._vector(shell), clear) if len(clear) > 5 else clear
    with pytest.raises(SecureError, match="encrypted data"):
        ends.panel.open(_with_mac(ends, replace(shell, body=b"\x50" + data)))


def test_sealed_frames_are_frames(ends: Ends) -> None:
    command = ends.command(b"\x69" + bytes(14))
    assert decode(encode(command)) == command


def test_verification_raises_instead_of_answering() -> None:
    verify(b"same", b"same", "unused")
    with pytest.raises(SecureError, match="why"):
        verify(b"same", b"sane", "why")
