from collections.abc import Iterator

import pytest
import serial
from hypothesis import given
from hypothesis import strategies as st

from firmware_shims.pn532 import Card, Pn532
from firmware_shims.pn532_frames import ACK, ERROR, Acknowledge, Command, FrameReader, answer

# NXP UM0701-02, 7.2.2: GetFirmwareVersion on the wire, both ways.
GET_VERSION = bytes.fromhex("0000ff02fed4022a00")
VERSION = bytes.fromhex("0000ff06fad50332010607e800")


def frame(code: int, data: bytes) -> bytes:
    body = bytes((0xD4, code)) + data
    head = bytes((len(body), -len(body) & 0xFF))
    if len(body) > 254:
        high, low = divmod(len(body), 256)
        head = b"\xff\xff" + bytes((high, low, -(high + low) & 0xFF))
    return b"\x00\x00\xff" + head + body + bytes((-sum(body) & 0xFF, 0))


def test_the_frames_of_the_manual_are_ours() -> None:
    assert frame(0x02, b"") == GET_VERSION
    assert answer(0x02, b"\x32\x01\x06\x07") == VERSION


@given(st.integers(0, 255), st.binary(max_size=263), st.binary(max_size=6), st.data())
def test_a_frame_is_found_wherever_the_line_cuts_it(
    code: int, data: bytes, noise: bytes, draw: st.DataObject
) -> None:
    # Noise that does not itself begin a frame.
    wire = noise.replace(b"\xff", b"\x55") + frame(code, data) + ACK + GET_VERSION
    cuts = sorted(draw.draw(st.lists(st.integers(0, len(wire)), max_size=5)))
    reader = FrameReader()
    found = [f for a, b in zip([0, *cuts], [*cuts, len(wire)], strict=True) for f in reader.feed(wire[a:b])]
    assert found == [Command(code, data), Acknowledge(), Command(0x02, b"")]


@given(st.binary(max_size=300))
def test_no_bytes_make_the_chip_stumble_for_ever(noise: bytes) -> None:
    reader = FrameReader()
    list(reader.feed(noise))
    # A frame that the noise had begun may swallow what follows; after its longest size all is well again.
    list(reader.feed(bytes(300)))
    assert list(reader.feed(GET_VERSION)) == [Command(0x02, b"")]


@pytest.mark.parametrize("at", range(3, len(GET_VERSION) - 1))
def test_a_damaged_frame_is_no_command(at: int) -> None:
    damaged = bytearray(GET_VERSION)
    damaged[at] ^= 0x10
    assert Command(0x02, b"") not in list(FrameReader().feed(bytes(damaged)))


@pytest.mark.parametrize("size", [0, 1, 250, 253, 254, 263])
def test_long_answers_are_extended_frames(size: int) -> None:
    wire = answer(0x00, bytes(size))
    assert (wire[3:5] == b"\xff\xff") == (size + 2 > 254)
    assert sum(wire[8 if size + 2 > 254 else 5 : -1]) & 0xFF == 0


@pytest.fixture
def chip() -> Iterator[Pn532]:
    with Pn532() as chip:
        yield chip


@pytest.fixture
def line(chip: Pn532) -> Iterator[serial.Serial]:
    with serial.Serial(chip.port, 115200, timeout=10) as line:
        yield line


def ask(line: serial.Serial, code: int, data: bytes = b"") -> bytes:
    line.write(frame(code, data))
    assert line.read(6) == ACK
    head = line.read(5)
    if head == ERROR[:5]:
        return head + line.read(3)
    return bytes(line.read(head[3] + 2))[:-2]


def test_every_command_is_acknowledged_and_answered(line: serial.Serial) -> None:
    assert ask(line, 0x02) == bytes.fromhex("d50332010607")
    assert ask(line, 0x14, b"\x01\x00\x00") == b"\xd5\x15"
    assert ask(line, 0x32, b"\x01\x02") == b"\xd5\x33"
    assert ask(line, 0x12, b"\x00") == b"\xd5\x13"


def test_an_unknown_command_is_a_syntax_error_frame(line: serial.Serial) -> None:
    assert ask(line, 0x60, b"\x01\x01\x00") == ERROR


def test_registers_keep_what_was_written(line: serial.Serial) -> None:
    assert ask(line, 0x08, bytes.fromhex("63030a")) == b"\xd5\x09"
    assert ask(line, 0x06, bytes.fromhex("63036302")) == b"\xd5\x07\x0a\x00"


def test_an_empty_field_is_told_from_a_torn_card_by_the_fifo(chip: Pn532, line: serial.Serial) -> None:
    assert ask(line, 0x4A, b"\x01\x00") == b"\xd5\x4b\x00"
    assert ask(line, 0x06, b"\x63\x39") == b"\xd5\x07\x26"
    chip.put(Card(b"\x01\x02\x03\x04", torn=True))
    assert ask(line, 0x4A, b"\x01\x00") == b"\xd5\x4b\x00"
    assert ask(line, 0x06, b"\x63\x39") != b"\xd5\x07\x26"


def test_a_card_is_told_with_its_answer_to_request_reversed(chip: Pn532, line: serial.Serial) -> None:
    chip.put(Card(bytes.fromhex("04010203040506"), sak=0x20))
    assert ask(line, 0x4A, b"\x01\x00") == bytes.fromhex("d54b01010044200704010203040506")
    assert ask(line, 0x4A, b"\x01\x04") == b"\xd5\x4b\x00"


def test_at_a_collision_the_one_bit_wins(chip: Pn532, line: serial.Serial) -> None:
    chip.put("02000000")
    chip.put("01000000")
    assert ask(line, 0x4A, b"\x01\x00")[-4:] == bytes.fromhex("01000000")
    assert ask(line, 0x4A, b"\x02\x00")[2] == 2


def test_a_card_that_talks_is_heard_and_a_silent_one_times_out(chip: Pn532, line: serial.Serial) -> None:
    assert ask(line, 0x42, b"\xe0\x80") == b"\xd5\x43\x01"
    chip.put(Card(b"\x01\x02\x03\x04", talk=lambda data: b"\x05\x78" + data))
    assert ask(line, 0x42, b"\xe0\x80") == b"\xd5\x43\x01"
    assert ask(line, 0x4A, b"\x01\x00")[2] == 1
    assert ask(line, 0x42, b"\xe0\x80") == bytes.fromhex("d543000578e080")


def test_at_another_speed_the_chip_hears_nothing_until_it_was_told(chip: Pn532, line: serial.Serial) -> None:
    line.timeout = 0.2
    line.baudrate = 921600
    line.write(GET_VERSION)
    assert line.read(6) == b""
    line.baudrate = 115200
    line.timeout = 10
    assert ask(line, 0x10, b"\x07") == b"\xd5\x11"
    line.write(ACK)
    line.baudrate = 921600
    assert ask(line, 0x02) == bytes.fromhex("d50332010607")
    chip.vanish()
    chip.back()
    with serial.Serial(chip.port, 115200, timeout=10) as again:
        assert ask(again, 0x02) == bytes.fromhex("d50332010607")


def test_presenting_to_nobody_is_false_after_its_time(chip: Pn532) -> None:
    assert not chip.present("01020304", timeout=0.1)
    assert not chip.wait_scans(1, timeout=0.1)


@pytest.mark.parametrize("size", [0, 3, 5, 8, 11])
def test_a_uid_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="4, 7 or 10 bytes"):
        Card(bytes(size))


def test_a_closed_reader_leaves_no_path_and_takes_no_cards(chip: Pn532) -> None:
    chip.close()
    with pytest.raises(RuntimeError, match="closed"):
        chip.put("01020304")
    with pytest.raises(OSError, match="could not open port"):
        serial.Serial(chip.port)
