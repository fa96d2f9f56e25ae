import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.device_addresses import (
    Address,
    BoardAddress,
    CameraAddress,
    ClockAddress,
    GpioAddress,
    NfcAddress,
    OsdpAddress,
)
from controller.device_urls import CHIPS, INPUTS, LAMPS, RELAYS, SCHEMES, SPELLED, USB_READERS, parse_url
from controller.url_parts import WrongUrlError
from firmware_shims.heard import Heard
from hardware import nfc_reader
from hardware.nfc_reader import NfcReader
from hardware.osdp.codec import HIGHEST_ADDRESS
from hardware.osdp.peripheral import HIGHEST_INPUT
from hardware.pins import PINS
from tests.config.small import SMALL, faults, unhurried

GOOD = [
    ("osdp:///dev/ttyAMA1?address=1", OsdpAddress("/dev/ttyAMA1", 1, 115200)),
    ("osdp:///dev/ttyAMA1?address=126&baud=9600", OsdpAddress("/dev/ttyAMA1", 126, 9600)),
    (
        "osdp:///dev/serial/by-id/usb-x_1?baud=38400&address=0",
        OsdpAddress("/dev/serial/by-id/usb-x_1", 0, 38400),
    ),
    ("nfc:tty:AMA2:pn532", NfcAddress("/dev/ttyAMA2", "pn532")),
    ("nfc:///dev/pts/7?chip=pn532", NfcAddress("/dev/pts/7", "pn532")),
    ("nfc:usb:072f:2200", NfcAddress("usb:072f:2200", "acr122u")),
    ("nfc:usb:072f:2200:1-1.2", NfcAddress("usb:072f:2200:1-1.2", "acr122u")),
    ("nfc:usb:072f:2200:2-4", NfcAddress("usb:072f:2200:2-4", "acr122u")),
    ("gpio:relay/7", GpioAddress("relay", 7)),
    ("gpio:input/7", GpioAddress("input", 7)),
    ("gpio:lamp/1", GpioAddress("lamp", 1)),
    ("board:io1/3", BoardAddress("io1", 3)),
    ("system:", ClockAddress()),
    ("ntp://192.0.2.1:123?every=60", ClockAddress("192.0.2.1", 123, 60)),
    ("ntp://time.bank.example:1123", ClockAddress("time.bank.example", 1123, 64)),
    ("ntp://[2001:db8::1]:123", ClockAddress("2001:db8::1", 123, 64)),
    ("rtsp://192.0.2.1/gate?profile=1", CameraAddress("rtsp://192.0.2.1/gate?profile=1")),
    ("v4l2:///dev/video0", CameraAddress("v4l2:///dev/video0")),
    ("v4l2:///dev/v4l/by-id/usb-Cam_1:0", CameraAddress("v4l2:///dev/v4l/by-id/usb-Cam_1:0")),
]
BAD = [
    "", ":", "osdp", "osdp:", "OSDP:///dev/ttyAMA1?address=1", "osdp://dev/ttyAMA1?address=1",
    "osdp:///dev/ttyAMA1?address=01", "osdp:///dev/ttyAMA1?address=-1", "osdp:///dev/ttyAMA1?address=\u0661",
    "osdp:///dev/ttyAMA1?address=127", "osdp:///dev/ttyAMA1?address=1&address=2",
    "osdp:///dev/ttyAMA1?address=1&baud=1200", "osdp:///dev/ttyAMA1?address=1#x", "osdp:///?address=1",
    "osdp:///dev//ttyAMA1?address=1", "osdp:///dev/../x?address=1", "osdp:///dev/$(id)?address=1",
    "osdp:///dev/ttyAMA1?address=1 ", " osdp:///dev/ttyAMA1?address=1", "osdp:///dev/ttyAMA1?address=1\n",
    "nfc:tty:AMA2", "nfc:tty:AMA2:pn532:x", "nfc:usb:AMA2:pn532", "nfc:tty:../x:pn532", "nfc:///dev/ttyAMA2",
    "nfc:usb:", "nfc:usb:072f", "nfc:usb:072F:2200", "nfc:usb:072f:2201", "nfc:usb:072f:2200:",
    "nfc:usb:072f:2200:1", "nfc:usb:072f:2200:1-", "nfc:usb:072f:2200:01-1", "nfc:usb:072f:2200:1-1.",
    "nfc:usb:072f:2200:1-1.2:x", "nfc:usb:072f:2200:1-1.2\n", "nfc:usb:001:002", "nfc:usb:072f:2200:\u0661-1",
    "gpio:relay/0", "gpio:relay/8", "gpio:input/8", "gpio:lamp/2", "gpio:relay", "gpio:relay/1/2",
    "gpio:pin/4", "board:io1", "board:io1/0", "board:io1/65", "board:/1", "system:clock", "ntp://192.0.2.1",
    "ntp:192.0.2.1:123", "ntp://192.0.2.1:0", "ntp://192.0.2.1:123?every=15", "ntp://-x:123",
    "ntp://192.0.2.1:123?every=3601", "rtsp://user:secret@192.0.2.1/", "rtsp:///a b", "file:///etc/passwd", "http://x/\u202e",
    "v4l2:///dev/ttyS0", "v4l2:///dev/video", "v4l2:///dev/video0?x=1", "v4l2://dev/video0",
    "v4l2:/dev/video0", "v4l2:///dev/v4l/by-id/../../sda", "v4l2:///dev/v4l/by-id/.", "v4l2:///etc/passwd",
    "v4l2:///dev/v4l/by-id/" + 300 * "x",
]  # fmt: skip


@pytest.mark.parametrize(("url", "address"), GOOD)
def test_an_address_is_understood(url: str, address: Address) -> None:
    assert parse_url(url) == address


@pytest.mark.parametrize("url", BAD)
def test_what_is_not_exactly_an_address_is_refused_and_told_what_would_be_right(url: str) -> None:
    with pytest.raises(WrongUrlError) as refused:
        parse_url(url)
    assert refused.value.problem
    assert refused.value.remedy
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("kind", SPELLED)
def test_the_way_an_address_is_said_to_be_written_is_one_that_is_understood(kind: str) -> None:
    assert parse_url(SPELLED[kind].split(" ")[0]).kind == kind


def test_two_spellings_of_one_place_have_one_seat() -> None:
    assert parse_url("nfc:tty:AMA2:pn532").seat == parse_url("nfc:///dev/ttyAMA2?chip=pn532").seat
    assert parse_url("osdp:///dev/a?address=1&baud=9600").seat == parse_url("osdp:///dev/a?address=1").seat


def test_of_a_usb_reader_the_socket_is_its_own_and_without_one_its_make() -> None:
    one, same, other = (parse_url(f"nfc:usb:072f:2200{socket}").seat for socket in ("", "", ":1-1.2"))
    assert one == same != other
    assert other == NfcAddress("usb:072f:2201:1-1.2", "acr122u").seat


def test_a_reader_is_addressed_here_as_its_driver_is_told() -> None:
    readers = [address for _, address in GOOD if isinstance(address, NfcAddress)]
    for address in readers:
        assert NfcReader("main.in", address.port, sink=Heard(), chip=address.chip)
    assert {*CHIPS, *USB_READERS.values()} == set(nfc_reader.CHIPS) == {a.chip for a in readers}


def test_terminals_of_an_input_board_count_from_1_and_its_reports_from_0() -> None:
    assert BoardAddress("io1", 1).index == 0
    with pytest.raises(WrongUrlError, match="from 1 to 64"):
        parse_url(f"board:io1/{HIGHEST_INPUT + 2}")


def test_the_pins_that_can_be_addressed_are_pins_of_the_board() -> None:
    addressed = [GpioAddress(part, n) for part, most in PARTS.items() for n in range(1, most + 1)]
    lamps = {name.rsplit("/", 1)[0] for name in PINS if name.startswith("lamp/")}
    assert all(address.pin in {*PINS, *lamps} for address in addressed)
    assert len(lamps) == LAMPS


def test_no_lock_can_be_put_on_a_pin_that_the_pi_itself_drives() -> None:
    free = {name for name, pin in PINS.items() if name.startswith("relay/") and not pin.shared_with}
    assert free == {f"relay/{n}" for n in range(1, RELAYS + 1)}


def test_an_osdp_address_can_be_any_but_that_for_all() -> None:
    assert parse_url(f"osdp:///dev/ttyAMA1?address={HIGHEST_ADDRESS}")
    with pytest.raises(WrongUrlError):
        parse_url(f"osdp:///dev/ttyAMA1?address={HIGHEST_ADDRESS + 1}")


PARTS = {"relay": RELAYS, "input": INPUTS, "lamp": LAMPS}
PIECES = st.sampled_from(
    [
        *SCHEMES,
        ":",
        "//",
        "/",
        "?",
        "&",
        "=",
        "address",
        "baud",
        "chip",
        "1",
        "9600",
        "tty",
        "usb",
        "072f",
        "2200",
    ]
)


@unhurried
@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=12).map("".join)))
def test_any_text_is_an_address_or_is_refused(url: str) -> None:
    try:
        address = parse_url(url)
    except WrongUrlError as refused:
        told = refused.remedy
    else:
        told = address.seat
    assert told


def told_of(key: str, url: str) -> tuple[str, str]:
    """Problem and remedy of an address at a key of [outputs] of the small site."""
    (fault,) = faults(f'{SMALL}\n[outputs]\n{key} = "{url}"\n')
    return fault.problem, fault.remedy


@pytest.mark.parametrize("wrong", ["/dev/watchdog", "/dev/watchdog?timeout=15", "dog:///dev/watchdog", ""])
def test_where_one_kind_of_device_fits_the_remedy_is_an_address_of_that_kind(wrong: str) -> None:
    problem, remedy = told_of("watchdog", wrong)
    assert "no device is addressed" in problem
    assert remedy.endswith('write "watchdog:///dev/watchdog?timeout=15"')
    assert "gpio" not in remedy
    assert "gpio:relay/1" in told_of("siren", wrong)[1]


@pytest.mark.parametrize("length", [1, 19, 20, 21, 59, 60, 61, 200])
def test_a_quotation_is_whole_or_ends_in_three_dots(length: int) -> None:
    word = "x" * length
    for url in (f"{word}:1", f"gpio:{word}/1", f"gpio:relay/1?power={word}", f"gpio:relay/1?{word}"):
        with pytest.raises(WrongUrlError) as refused:
            parse_url(url)
        assert f'"{word}' in refused.value.problem or "…" in refused.value.problem
        assert refused.value.problem.count("'") == 0


def test_behind_a_relay_only_its_power_is_told_with_both_its_words() -> None:
    for wrong in ("magnet", "power", "power=off"):
        with pytest.raises(WrongUrlError) as refused:
            parse_url(f"gpio:relay/1?{wrong}")
        assert "power=opens" in refused.value.remedy
        assert "power=locks" in refused.value.remedy
    with pytest.raises(WrongUrlError, match="remove the"):
        parse_url("gpio:input/1?power=locks")
