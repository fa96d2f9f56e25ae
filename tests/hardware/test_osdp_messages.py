"""What replies say, what lamps look like, which keys are accepted: tables and their refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.osdp import Peripheral, lamps, messages
from hardware.osdp.messages import INPUT_STATUS, LOCAL_STATUS, POLL, MalformedError, Message, Reply
from hardware.osdp.watch import Watch
from hardware.signals import CardRead, KeysTyped, Lamp, Level, LineLevel, PowerLevel, TamperLevel

KEY = bytes.fromhex("9F1C44D07A3358E6B1200F5DC4A98E67")


@pytest.mark.parametrize(
    ("data", "card"),
    [
        ("0000 2000 DEADBEEF", "DEADBEEF"),
        ("0001 1A00 70123440", "70123440"),
        ("0001 1A00 7012347F", "70123440"),
        ("0000 3800 04A1B2C3D4E5F6", "04A1B2C3D4E5F6"),
        ("0000 0100 80", "80"),
        ("0000 0002" + "A5" * 64, "A5" * 64),
    ],
)
def test_a_card_is_its_bits_and_nothing_beyond_them(data: str, card: str) -> None:
    assert messages.card(bytes.fromhex(data)).hex().upper() == card


@pytest.mark.parametrize(
    "data",
    [
        "",
        "00",
        "0000",
        "00000000",
        "0000000000",
        "00002000DEADBE",
        "00002000DEADBEEF00",
        "00000102" + "00" * 65,
    ],
)
def test_card_data_of_another_length_than_it_says_is_refused(data: str) -> None:
    with pytest.raises(MalformedError):
        messages.card(bytes.fromhex(data))


def test_keys_are_read_as_typed() -> None:
    assert messages.keys(bytes([0, 5]) + b"1234" + b"\x0d") == "1234#"
    assert messages.keys(bytes([0, 4]) + b"\x7f0*#") == "*0*#"


@pytest.mark.parametrize("data", ["", "00", "0000", "000131 32", "000231", "000141", "00010A", "000100"])
def test_a_keypad_report_with_anything_else_in_it_is_refused(data: str) -> None:
    with pytest.raises(MalformedError):
        messages.keys(bytes.fromhex(data))


@pytest.mark.parametrize("data", ["", "00", "0200", "0002", "000000"])
def test_a_local_status_of_another_form_is_refused(data: str) -> None:
    with pytest.raises(MalformedError):
        messages.cover_open(bytes.fromhex(data))


@given(st.binary(max_size=80))
def test_no_reply_whatever_its_data_raises_in_the_watch(data: bytes) -> None:
    watch = Watch("in", {0: "contact", 5: "bolt"})
    for code in range(0x40, 0x80):
        for signal in watch.note(Message(code, data)):
            assert isinstance(signal, CardRead | KeysTyped | TamperLevel | PowerLevel | LineLevel)


def test_an_input_has_four_states_as_in_table_52() -> None:
    watch = Watch("in", {0: "a", 1: "b", 2: "c", 3: "d", 4: "e"})
    watch.note(Message(Reply.ISTATR, bytes([0, 1, 2, 3, 4])))
    levels = [signal.level for signal in watch.all() if isinstance(signal, LineLevel)]
    assert levels == [Level.NORMAL, Level.ACTIVE, Level.SHORT, Level.CUT, Level.CUT]


def test_an_input_the_peripheral_does_not_have_reads_as_cut() -> None:
    watch = Watch("in", {0: "contact", 1: "bolt"})
    watch.note(Message(Reply.ISTATR, bytes([0])))
    assert watch.all() == [
        TamperLevel("in", active=True),
        PowerLevel("in", lost=False),
        LineLevel("contact", Level.NORMAL),
        LineLevel("bolt", Level.CUT),
    ]


def test_levels_are_reported_when_they_change_and_only_then() -> None:
    watch = Watch("in", {0: "contact", 1: "bolt"})
    report = Message(Reply.ISTATR, bytes([1, 0]))
    assert len(watch.note(report)) == 2
    assert watch.note(report) == []
    assert watch.note(Message(Reply.ISTATR, bytes([1, 2]))) == [LineLevel("bolt", Level.SHORT)]
    shut = Message(Reply.LSTATR, bytes([0, 0]))
    assert watch.note(shut) == [TamperLevel("in", active=False)]
    assert watch.note(shut) == []


def test_what_a_peripheral_refuses_to_tell_counts_as_tampered() -> None:
    watch = Watch("in", {0: "contact"})
    watch.note(Message(Reply.LSTATR, bytes([0, 0])))
    watch.note(Message(Reply.ISTATR, bytes([0])))
    assert watch.refused(LOCAL_STATUS) == [TamperLevel("in", active=True)]
    assert watch.refused(INPUT_STATUS) == [LineLevel("contact", Level.CUT)]
    assert watch.refused(POLL) == []


def test_replies_that_make_no_sense_are_counted_and_change_nothing() -> None:
    watch = Watch("in", {})
    assert watch.note(Message(Reply.RAW, b"\x00\x00\x20\x00\x01")) == []
    assert watch.note(Message(Reply.KEYPAD, b"")) == []
    assert watch.note(Message(Reply.LSTATR, b"\x07")) == []
    assert watch.malformed == 3


def test_every_lamp_can_be_told_from_every_other_by_light_alone() -> None:
    lights = {lamps.commands(lamp)[0].data for lamp in Lamp}
    assert len(lights) == len(Lamp)
    assert all(lamps.lamp_of(lamps.commands(lamp)[0].data) == lamp for lamp in Lamp)


def test_a_reader_with_a_two_colour_led_can_show_every_lamp() -> None:
    assert {show.colour for show in lamps.SHOWS.values()} <= {lamps.RED, lamps.GREEN, lamps.AMBER}


def test_a_light_that_is_no_lamp_is_refused() -> None:
    with pytest.raises(MalformedError):
        lamps.lamp_of(bytes(14))


@pytest.mark.parametrize(
    ("key", "why"),
    [
        (bytes(range(0x30, 0x40)), "public default key"),
        (bytes(16), "simple row"),
        (b"\xa5" * 16, "simple row"),
        (bytes(range(16)), "simple row"),
        (bytes(range(255, 239, -1)), "simple row"),
        (bytes(range(0, 48, 3)), "simple row"),
        (bytes(range(0xF8, 0x100)) + bytes(range(8)), "simple row"),
        (KEY[:15], "16 bytes"),
        (KEY + b"\0", "16 bytes"),
        (b"", "16 bytes"),
    ],
)
def test_a_key_that_can_be_guessed_is_refused(key: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Peripheral(1, "main.in", key)


def test_a_refused_key_is_not_repeated_in_the_message() -> None:
    with pytest.raises(ValueError, match=r"main\.in") as refusal:
        Peripheral(1, "main.in", b"\xa5" * 16)
    assert "a5" not in str(refusal.value).lower()


def test_a_peripheral_does_not_show_its_key() -> None:
    shown = repr(Peripheral(1, "in", KEY, {0: "contact"}))
    assert "contact" in shown
    assert "9f" not in shown.lower()
    assert repr(KEY) not in shown


@pytest.mark.parametrize("address", [-1, 0x7F, 0x80, 300])
def test_an_address_outside_the_bus_is_refused(address: int) -> None:
    with pytest.raises(ValueError, match="address"):
        Peripheral(address, "in", KEY)


@pytest.mark.parametrize("inputs", [{-1: "a"}, {64: "a"}, {0: "a", 1: "a"}])
def test_inputs_that_cannot_be_are_refused(inputs: dict[int, str]) -> None:
    with pytest.raises(ValueError, match="input"):
        Peripheral(1, "in", KEY, inputs)


def test_inputs_cannot_be_changed_behind_the_back_of_the_panel() -> None:
    inputs = {0: "contact"}
    peripheral = Peripheral(1, "in", KEY, inputs)
    inputs[1] = "bolt"
    assert dict(peripheral.inputs) == {0: "contact"}
