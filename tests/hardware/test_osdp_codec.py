"""Bytes and frames: vectors of SIA OSDP v2.2 annex E, every byte boundary, and rubbish of every kind."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.osdp.codec import MARK, MAX_FRAME, Frame, Parser, checked, decode, encode

POLL = Frame(1, reply=False, sequence=2, block=b"", body=b"\x60")
SEALED = Frame(1, reply=True, sequence=3, block=b"\x18", body=bytes(range(0x50, 0x70)) + b"\x53\x81\xff\x00")
CHALLENGE = Frame(0x7E, reply=False, sequence=1, block=b"\x11\x01", body=b"\x76" + b"\x53" * 8)
FRAMES = [POLL, SEALED, CHALLENGE]

frames = st.builds(
    Frame,
    address=st.integers(0, 0x7F),
    reply=st.booleans(),
    sequence=st.integers(0, 3),
    block=st.just(b"")
    | st.binary(max_size=6).map(lambda data: b"\x11" + data)
    | st.just(b"\x15")
    | st.just(b"\x18"),
    body=st.binary(min_size=5, max_size=80),
)


@pytest.mark.parametrize(
    ("content", "wire"),
    [
        ("537F0D00046E0080250000", "537F0D00046E00802500006E38"),
        ("53000900046100", "53000900046100C066"),
    ],
)
def test_the_crc_is_that_of_annex_e_of_the_standard(content: str, wire: str) -> None:
    assert checked(bytes.fromhex(content)) == bytes.fromhex(wire)
    assert decode(bytes.fromhex(wire)) is not None


def test_the_id_command_of_annex_e_is_encoded_byte_for_byte() -> None:
    frame = Frame(0, reply=False, sequence=0, block=b"", body=b"\x61\x00")
    assert encode(frame).hex().upper() == "53000900046100C066"


@given(frames)
def test_every_frame_survives_the_wire(frame: Frame) -> None:
    assert decode(encode(frame)) == frame


def test_frames_are_found_whatever_the_boundaries_between_reads() -> None:
    wire = b"".join(MARK + encode(frame) for frame in FRAMES)
    for first in range(len(wire)):
        for second in (first, (first + len(wire)) // 2):
            parser = Parser()
            parts = [wire[:first], wire[first:second], wire[second:]]
            assert [frame for part in parts for frame in parser.feed(part)] == FRAMES
            assert parser.rubbish == 0


def test_frames_are_found_byte_by_byte() -> None:
    parser = Parser()
    wire = b"".join(encode(frame) for frame in FRAMES)
    assert [frame for byte in wire for frame in parser.feed(bytes([byte]))] == FRAMES


def test_a_frame_behind_noise_is_found_and_the_noise_is_counted() -> None:
    parser = Parser()
    noise = b"\x00\x53\x53\xff\x53\x01\x02\x03\x99"
    assert parser.feed(noise + encode(POLL)) == [POLL]
    assert parser.rubbish == len(noise) - 1  # the mark byte is no rubbish


def test_a_frame_swallowed_by_a_false_start_is_given_back() -> None:
    parser = Parser()
    assert parser.feed(bytes.fromhex("5381FF0004") + encode(POLL)) == []
    assert parser.give_up() == [POLL]
    assert len(parser) == 0


@pytest.mark.parametrize("header", ["53817F00F4", "53817F0000", "5381070004", "53810A0504", "5381FFFF04"])
def test_a_start_that_cannot_be_a_frame_swallows_nothing(header: str) -> None:
    assert Parser(limit=128).feed(bytes.fromhex(header) + encode(POLL)) == [POLL]


def test_any_flipped_bit_makes_a_frame_unheard() -> None:
    wire = encode(SEALED)
    for bit in range(len(wire) * 8):
        spoilt = bytearray(wire)
        spoilt[bit // 8] ^= 1 << bit % 8
        parser = Parser()
        assert parser.feed(bytes(spoilt)) + parser.give_up() == []
        assert parser.rubbish + bytes(spoilt).count(0xFF) == len(wire)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a one-byte checksum instead of a CRC", "5300080000610044"),
        ("no code", "53010700 04"),
        ("a reserved control bit", "5301080014 60"),
        ("a security block of length 0", "5301090C0C 00 60 00000000"),
        ("a security block of length 1", "53010D000C 01 60 00000000"),
        ("a security block beyond the frame", "53010D000C 09 15 60 000000"),
        ("a security block of unknown type", "53010E000C 02 19 60 00000000"),
        ("a sealed frame without room for its MAC", "53010D000C 02 15 60 000000"),
        ("a length that is not its own", "5301090004 60"),
    ],
)
def test_a_correct_crc_does_not_excuse(name: str, content: str) -> None:
    wire = checked(bytes.fromhex(content))
    parser = Parser()
    assert decode(wire) is None
    assert parser.feed(wire) + parser.give_up() == []


def test_the_parser_never_holds_more_than_its_limit() -> None:
    parser = Parser(limit=64)
    for chunk in (b"\x53" * 5000, bytes.fromhex("5301400004"), bytes(3000), b"\x53\x01\x40\x00\x04" * 900):
        parser.feed(chunk)
        assert len(parser) <= 64
    assert parser.feed(bytes(64) + encode(POLL))[-1:] == [POLL]


def test_a_frame_longer_than_the_limit_is_rubbish() -> None:
    long = Frame(1, reply=True, sequence=1, block=b"", body=bytes(MAX_FRAME - 7))
    assert Parser().feed(encode(long)) == [long]
    assert Parser(limit=MAX_FRAME - 1).feed(encode(long)) == []


@settings(deadline=None)
@given(st.lists(st.binary(max_size=40) | frames.map(encode), max_size=12), st.integers(1, 50))
def test_bytes_of_any_kind_never_raise_and_none_is_lost_without_count(parts: list[bytes], size: int) -> None:
    wire = b"".join(parts)
    parser = Parser(limit=200)
    found = [frame for i in range(0, len(wire), size) for frame in parser.feed(wire[i : i + size])]
    found += parser.give_up()
    heard = sum(len(encode(frame)) for frame in found)
    assert len(wire) - heard - wire.count(0xFF) <= parser.rubbish <= len(wire) - heard


def test_ten_thousand_mutated_frames_bring_nothing_but_frames_with_a_correct_crc() -> None:
    dice = random.Random(485)  # noqa: S311  # a reproducible spoiler of frames, not a secret
    parser = Parser(limit=256)
    for _ in range(10_000):
        wire = bytearray(encode(dice.choice(FRAMES)))
        for _ in range(dice.randint(1, 6)):
            place = dice.randrange(len(wire))
            wire[place : place + dice.randint(0, 2)] = dice.randbytes(dice.randint(0, 2))
        for frame in parser.feed(bytes(wire)):
            assert encode(frame) in [encode(known) for known in FRAMES]
        assert len(parser) <= 256
