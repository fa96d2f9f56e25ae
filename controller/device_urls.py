"""Addresses of devices: one URL each, parsed strictly. The schemes are named in SCHEMES and nowhere else.

Rule 1: what is not spelled exactly as here is refused; nothing is guessed and nothing falls back.
Rule 2: a URL carries no secret: keys of readers and passwords of cameras stand elsewhere.
Rule 3: what exists on the controller board is told by numbers here; config never imports hardware.
A test compares the numbers with hardware/pins.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from controller.camera_urls import CAMERA, camera, device, in_vain
from controller.device_addresses import (
    Address,
    BoardAddress,
    ClockAddress,
    ConverterAddress,
    GpioAddress,
    LoopAddress,
    NfcAddress,
    OsdpAddress,
    WatchdogAddress,
)
from controller.site_faults import near, shown
from controller.url_parts import WrongUrlError, numbered, port_and_query, query_of

RELAYS = 7  # the eighth is the UART's receive pin, which a Pi pulls up while it starts
INPUTS = 7  # the eighth is wanted by the HAT EEPROM, or by a second UART
LAMPS = 1
BOARD_INPUTS = 64
HIGHEST_ADDRESS = 126  # SIA OSDP 2.2, 5.4: 127 is the broadcast address
BAUDS = (9600, 19200, 38400, 57600, 115200, 230400)
CHIPS = ("pn532",)
USB_READERS: Mapping[str, str] = {"072f:2200": "acr122u"}  # vendor and product, as lsusb shows them
LEVELS = ("desfire", "piv", "ntag424", "uid")  # how far a badge is authenticated, strongest first
TRANSPARENT = "transparent"  # an OSDP reader that lets the controller talk to the card itself
READS = (*LEVELS, TRANSPARENT)
CONVERTERS: Mapping[str, Mapping[str, int]] = {"spi": {"mcp3208": 8}, "i2c": {"ads1115": 4}}  # and inputs
ADC_INPUTS = max(inputs for chips in CONVERTERS.values() for inputs in chips.values())
POWER: Mapping[str, bool] = {"opens": False, "locks": True}  # what the current through a relay does
POWERS = "write power=opens (a strike) or power=locks (a magnet)"
I2C = (72, 75)  # addresses an ADS1115 can be strapped to (datasheet SBAS444, 7.5.1.1)
LOOPBACK = ("127.0.0.1", "[::1]", "localhost")

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?|\[[0-9A-Fa-f:]{2,45}\]")
_SOCKET = re.compile(
    r"[1-9][0-9]{0,2}-[1-9][0-9]{0,2}(?:\.[1-9][0-9]{0,2}){0,6}"
)  # as in /sys/bus/usb/devices
_TTY = re.compile(r"[A-Z]{1,4}[0-9]{1,3}")


# How an address of each kind is written.
SPELLED: Mapping[str, str] = {
    "osdp": "osdp:///dev/ttyAMA1?address=1",
    "nfc": "nfc:tty:AMA2:pn532",
    "gpio:relay": f"gpio:relay/1 (1 to {RELAYS})",
    "gpio:input": f"gpio:input/1 (1 to {INPUTS})",
    "gpio:lamp": f"gpio:lamp/1 (1 to {LAMPS})",
    "board": f"board:io1/1 (1 to {BOARD_INPUTS})",
    "adc": "adc:a1/1 (input 1 of [converter.a1])",
    "converter": "spi:///dev/spidev0.0?chip=mcp3208 or i2c:///dev/i2c-1?chip=ads1115&address=72",
    "watchdog": "watchdog:///dev/watchdog?timeout=15",
    "system": "system:",
    "ntp": "ntp://192.0.2.1:123?every=60",
    "camera": CAMERA,
}


def spelled(*kinds: str) -> str:
    """How addresses of some kinds are written in a site file, as the end of a sentence."""
    return " or ".join(_quoted(*SPELLED[kind].partition(" ")) for kind in kinds)


def _quoted(url: str, *rest: str) -> str:
    return f'"{url}"{"".join(rest)}'


def without_login(url: str) -> str:
    """An address as it may be shown: what stands before an @ might be a password."""
    scheme, _, rest = url.partition(":")
    return f"{scheme}://…@{rest.rpartition('@')[2]}" if "@" in rest else url


def parse_url(url: str, *kinds: str) -> Address:
    """Parse a device address; WrongUrlError says what would be right, where only some ``kinds`` fit."""
    scheme, colon, rest = url.partition(":")
    if not colon or scheme not in SCHEMES:
        so = f"as {shown(scheme + colon)}" if colon else "so: its kind and a colon are missing"
        raise WrongUrlError(f"no device is addressed {so}", _meant(scheme if colon else "", kinds))
    return SCHEMES[scheme](rest)


def _meant(scheme: str, kinds: tuple[str, ...]) -> str:
    fitting = {word for word in SCHEMES for kind in kinds if SPELLED[kind].startswith(f"{word}:")}
    close = near(scheme, fitting, every=False) if scheme and fitting else ""
    return f"{close}write {spelled(*kinds)}" if kinds else near(scheme, SCHEMES)


def _osdp(rest: str) -> OsdpAddress:
    port, query = port_and_query(rest, "osdp", ("address", "baud", "reads"))
    if "address" not in query:
        raise WrongUrlError("the address on the bus is missing", f"write {SPELLED['osdp']}")
    address = numbered(query["address"], "address", 0, HIGHEST_ADDRESS)
    baud = numbered(query.get("baud", "115200"), "baud", 0, max(BAUDS))
    if baud not in BAUDS:
        raise WrongUrlError(f"baud is {baud}", f"OSDP has {', '.join(map(str, BAUDS))}")
    reads = query.get("reads", "uid")
    if reads not in READS:
        problem = f"reads is {shown(reads)}, which tells nothing of how far the reader authenticates a card"
        raise WrongUrlError(problem, near(reads, READS))
    return OsdpAddress(port, address, baud, reads)


def _nfc(rest: str) -> NfcAddress:
    if rest.startswith("//"):
        port, query = port_and_query(rest, "nfc", ("chip",))
        return NfcAddress(port, _chip(query.get("chip", "")))
    if rest.startswith("usb:"):
        return _nfc_usb(rest)
    words = rest.split(":")
    if len(words) != 3 or words[0] != "tty" or not _TTY.fullmatch(words[1]):
        right = f"write {SPELLED['nfc']}, nfc:///dev/ttyAMA2?chip=pn532 or nfc:usb:072f:2200"
        raise WrongUrlError("this is no address of an NFC reader", right)
    return NfcAddress(f"/dev/tty{words[1]}", _chip(words[2]))


def _nfc_usb(rest: str) -> NfcAddress:
    _, *words = rest.split(":")
    make = ":".join(words[:2])
    if make not in USB_READERS:
        raise WrongUrlError(f"no USB reader {shown(make)} is known", near(make, USB_READERS))
    if len(words) > 3 or not all(_SOCKET.fullmatch(socket) for socket in words[2:]):
        right = f"write nfc:usb:{make}, or nfc:usb:{make}:1-1.2 with bus and ports as in /sys/bus/usb/devices"
        raise WrongUrlError("this is no socket of a USB reader", right)
    return NfcAddress(rest, USB_READERS[make])


def _chip(name: str) -> str:
    if name not in CHIPS:
        raise WrongUrlError(f"the chip {shown(name)} is not known", near(name, CHIPS))
    return name


def _gpio(rest: str) -> GpioAddress:
    most = {"relay": RELAYS, "input": INPUTS, "lamp": LAMPS}
    is_relay = rest.startswith("relay/")
    place, query = query_of(rest, ("power",) if is_relay else (), POWERS if is_relay else "")
    part, _, count = place.partition("/")
    if part not in most:
        raise WrongUrlError(f"the board has no pins called {shown(part)}", near(part, most))
    power = query.get("power", "opens")
    if power not in POWER:
        raise WrongUrlError(f"power is {shown(power)}", POWERS)
    return GpioAddress(part, numbered(count, part, 1, most[part]), POWER[power])


def _board(rest: str) -> BoardAddress:
    board, slash, count = rest.partition("/")
    if not board or not slash:
        raise WrongUrlError("board and input are not told", f"write {SPELLED['board']}")
    return BoardAddress(board, numbered(count, "the input", 1, BOARD_INPUTS))


def _adc(rest: str) -> LoopAddress:
    converter, slash, count = rest.partition("/")
    if not converter or not slash:
        raise WrongUrlError("converter and input are not told", f"write {SPELLED['adc']}")
    return LoopAddress(converter, numbered(count, "the input", 1, ADC_INPUTS))


def _converter(bus: str) -> Callable[[str], ConverterAddress]:
    def parse(rest: str) -> ConverterAddress:
        chips = CONVERTERS[bus]
        port, query = port_and_query(rest, bus, ("chip", "address") if bus == "i2c" else ("chip",))
        chip = query.get("chip", "")
        if chip not in chips:
            raise WrongUrlError(f"the chip {shown(chip)} is not known on {bus}", near(chip, chips))
        address = numbered(query.get("address", "72"), "address", *I2C) if bus == "i2c" else 0
        return ConverterAddress(port, chip, chips[chip], address)

    return parse


def _watchdog(rest: str) -> WatchdogAddress:
    port, query = port_and_query(rest, "watchdog", ("timeout",))
    return WatchdogAddress(
        port, numbered(query["timeout"], "timeout", 5, 120) if "timeout" in query else None
    )


def _system(rest: str) -> ClockAddress:
    if rest:
        raise WrongUrlError("the system clock has no address", "write system:")
    return ClockAddress()


def _ntp(rest: str) -> ClockAddress:
    place, query = query_of(rest.removeprefix("//"), ("every",))
    host, colon, port = place.rpartition(":")
    if not colon or not rest.startswith("//") or not _HOST.fullmatch(host):
        raise WrongUrlError("this is no address of an NTP server", f"write {SPELLED['ntp']}")
    # RFC 4330, 10: somebody else's server is never asked more often than every 15 s; this box's own may be.
    every = numbered(query.get("every", "64"), "every", 1 if host in LOOPBACK else 16, 3600)
    return ClockAddress(host.strip("[]"), numbered(port, "port", 1, 65535), every)


SCHEMES: Mapping[str, Callable[[str], Address]] = {
    "osdp": _osdp,
    "nfc": _nfc,
    "gpio": _gpio,
    "board": _board,
    "adc": _adc,
    "spi": _converter("spi"),
    "i2c": _converter("i2c"),
    "watchdog": _watchdog,
    "system": _system,
    "ntp": _ntp,
    "rtsp": camera("rtsp"),
    "rtsps": in_vain,
    "http": camera("http"),
    "https": in_vain,
    "v4l2": device,
}
