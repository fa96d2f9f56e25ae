"""Addresses of devices: one URL each, parsed strictly. The schemes are named in SCHEMES and nowhere else.

Rule 1: what is not spelled exactly as here is refused; nothing is guessed and nothing falls back.
Rule 2: a URL carries no secret: keys of readers and passwords of cameras stand elsewhere.
Rule 3: what exists on the controller board is told by numbers here; config never imports hardware.
A test compares the numbers with hardware/pins.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from controller.device_addresses import (
    Address,
    BoardAddress,
    CameraAddress,
    ClockAddress,
    GpioAddress,
    NfcAddress,
    OsdpAddress,
)
from controller.site_faults import near

RELAYS = 7  # the eighth is the UART's receive pin, which a Pi pulls up while it starts
INPUTS = 7  # the eighth is wanted by the HAT EEPROM, or by a second UART
LAMPS = 1
BOARD_INPUTS = 64
HIGHEST_ADDRESS = 126  # SIA OSDP 2.2, 5.4: 127 is the broadcast address
BAUDS = (9600, 19200, 38400, 57600, 115200, 230400)
CHIPS = ("pn532",)
LOOPBACK = ("127.0.0.1", "[::1]", "localhost")

_PORT = re.compile(r"(?:/[A-Za-z0-9_+-][A-Za-z0-9._+-]*)+")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,6}")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?|\[[0-9A-Fa-f:]{2,45}\]")
_TTY = re.compile(r"[A-Z]{1,4}[0-9]{1,3}")
_CAMERA = re.compile(r"[a-z0-9]+://[A-Za-z0-9\[\]:._~/?&=%+-]+")


class WrongUrlError(ValueError):
    """A text is no device address: ``problem`` says why, ``remedy`` what would be right."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}; {remedy}")
        self.problem, self.remedy = problem, remedy


# How an address of each kind is written.
SPELLED: Mapping[str, str] = {
    "osdp": "osdp:///dev/ttyAMA1?address=1",
    "nfc": "nfc:tty:AMA2:pn532",
    "gpio:relay": f"gpio:relay/1 (1 to {RELAYS})",
    "gpio:input": f"gpio:input/1 (1 to {INPUTS})",
    "gpio:lamp": f"gpio:lamp/1 (1 to {LAMPS})",
    "board": f"board:io1/1 (1 to {BOARD_INPUTS})",
    "system": "system:",
    "ntp": "ntp://192.0.2.1:123?every=60",
    "camera": "rtsp://192.0.2.2/stream",
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


def parse_url(url: str) -> Address:
    """Parse a device address; WrongUrlError says what would be right."""
    scheme, colon, rest = url.partition(":")
    if not colon or scheme not in SCHEMES:
        raise WrongUrlError(f"no device is addressed as {scheme[:20]!r}", near(scheme, SCHEMES))
    return SCHEMES[scheme](rest)


def _osdp(rest: str) -> OsdpAddress:
    port, query = _port_and_query(rest, "osdp", ("address", "baud"))
    if "address" not in query:
        raise WrongUrlError("the address on the bus is missing", f"write {SPELLED['osdp']}")
    address = _number(query["address"], "address", 0, HIGHEST_ADDRESS)
    baud = _number(query.get("baud", "115200"), "baud", 0, max(BAUDS))
    if baud not in BAUDS:
        raise WrongUrlError(f"baud is {baud}", f"OSDP has {', '.join(map(str, BAUDS))}")
    return OsdpAddress(port, address, baud)


def _nfc(rest: str) -> NfcAddress:
    if rest.startswith("//"):
        port, query = _port_and_query(rest, "nfc", ("chip",))
        return NfcAddress(port, _chip(query.get("chip", "")))
    words = rest.split(":")
    if len(words) != 3 or words[0] != "tty" or not _TTY.fullmatch(words[1]):
        right = f"write {SPELLED['nfc']} or nfc:///dev/ttyAMA2?chip=pn532"
        raise WrongUrlError("this is no address of an NFC reader", right)
    return NfcAddress(f"/dev/tty{words[1]}", _chip(words[2]))


def _chip(name: str) -> str:
    if name not in CHIPS:
        raise WrongUrlError(f"the chip {name[:20]!r} is not known", near(name, CHIPS))
    return name


def _gpio(rest: str) -> GpioAddress:
    most = {"relay": RELAYS, "input": INPUTS, "lamp": LAMPS}
    part, _, number = rest.partition("/")
    if part not in most:
        raise WrongUrlError(f"the board has no pins called {part[:20]!r}", near(part, most))
    return GpioAddress(part, _number(number, part, 1, most[part]))


def _board(rest: str) -> BoardAddress:
    board, slash, number = rest.partition("/")
    if not board or not slash:
        raise WrongUrlError("board and input are not told", f"write {SPELLED['board']}")
    return BoardAddress(board, _number(number, "the input", 1, BOARD_INPUTS))


def _system(rest: str) -> ClockAddress:
    if rest:
        raise WrongUrlError("the system clock has no address", "write system:")
    return ClockAddress()


def _ntp(rest: str) -> ClockAddress:
    place, query = _query(rest.removeprefix("//"), ("every",))
    host, colon, port = place.rpartition(":")
    if not colon or not rest.startswith("//") or not _HOST.fullmatch(host):
        raise WrongUrlError("this is no address of an NTP server", f"write {SPELLED['ntp']}")
    # RFC 4330, 10: somebody else's server is never asked more often than every 15 s; this box's own may be.
    every = _number(query.get("every", "64"), "every", 1 if host in LOOPBACK else 16, 3600)
    return ClockAddress(host.strip("[]"), _number(port, "port", 1, 65535), every)


def _camera(scheme: str) -> Callable[[str], CameraAddress]:
    def parse(rest: str) -> CameraAddress:
        url = f"{scheme}:{rest}"
        if "@" in url:
            right = "write the address alone; passwords stand outside the site file"
            raise WrongUrlError("a camera's address holds a name or password", right)
        if len(url) > 300 or not _CAMERA.fullmatch(url):
            raise WrongUrlError("this is no address of a camera", f"write {SPELLED['camera']}")
        return CameraAddress(url)

    return parse


SCHEMES: Mapping[str, Callable[[str], Address]] = {
    "osdp": _osdp,
    "nfc": _nfc,
    "gpio": _gpio,
    "board": _board,
    "system": _system,
    "ntp": _ntp,
    "rtsp": _camera("rtsp"),
    "rtsps": _camera("rtsps"),
    "http": _camera("http"),
    "https": _camera("https"),
    "v4l2": _camera("v4l2"),
}


def _port_and_query(rest: str, scheme: str, known: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    port, query = _query(rest.removeprefix("//"), known)
    if not rest.startswith("//") or not _PORT.fullmatch(port):
        right = f"name a serial port by its whole path, such as {scheme}:///dev/ttyAMA1"
        raise WrongUrlError(f"{port[:60]!r} is no serial port", right)
    return port, query


def _query(rest: str, known: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """Split off ``?key=value&key=value``; only known keys, each once."""
    place, mark, tail = rest.partition("?")
    found: dict[str, str] = {}
    for pair in tail.split("&") if mark else ():
        key, _, value = pair.partition("=")
        if key not in known:
            raise WrongUrlError(f"{key[:20]!r} is not known behind the ?", near(key, known))
        if key in found:
            raise WrongUrlError(f"{key} is there twice", f"write {key} once")
        found[key] = value
    return place, found


def _number(text: str, what: str, low: int, high: int) -> int:
    if not _NUMBER.fullmatch(text) or not low <= int(text) <= high:
        raise WrongUrlError(f"{what} is {text[:20]!r}", f"write a number from {low} to {high}")
    return int(text)
