"""What a whole room of peers needs to know of a site: its addresses taken apart, its text rewritten. No I/O.

Rule 1: an address is data; nothing here knows the controller, only the schemes of the wires.
Rule 2: a badge name always gives the same card, so that a story can be told again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

from hardware.osdp.display import Display

_MAKER = b"\x04"
"""First byte of a seven-byte UID: the chip's maker (ISO/IEC 7816-6), here NXP; never 08, which is random."""
_CLOCK_TABLE = re.compile(
    r"^[ \t]*\[[ \t]*clock[ \t]*\][^\n]*\n(?P<body>(?:(?![ \t]*\[)[^\n]*\n?)*)", re.MULTILINE
)
_SOURCE = re.compile(r"^[ \t]*source[ \t]*=.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Address:
    """A device of the site file and its URL."""

    device: str
    text: str
    url: SplitResult

    @property
    def scheme(self) -> str:
        """Which kind of wire."""
        return self.url.scheme

    @property
    def port(self) -> str:
        """Device file of a serial line; ``nfc:tty:AMA2:pn532`` is the short spelling of one."""
        if self.url.path.startswith("/"):
            return self.url.path
        return f"/dev/tty{self.url.path.split(':')[1]}"

    @property
    def query(self) -> dict[str, str]:
        """What stands behind the question mark."""
        return {key: values[0] for key, values in parse_qs(self.url.query).items()}

    @property
    def number(self) -> int:
        """Address on an OSDP or I2C bus."""
        return int(self.query["address"])

    @property
    def place(self) -> tuple[str, int]:
        """Board or converter and input of ``board:io1/3``: terminals count from 1, what it reports from 0."""
        board, _, number = self.url.path.partition("/")
        return board, int(number) - 1

    @property
    def pin(self) -> str:
        """Name of a pin of the controller's own board, such as ``relay/1``."""
        return self.url.path

    def at(self, port: str) -> str:
        """The same address at another device file; a USB reader is played by a serial one."""
        if self.url.path.startswith("/"):
            return self.text.replace(self.url.path, port, 1)
        return f"nfc://{port}?chip=pn532"


def taken_apart(addresses: Mapping[str, str]) -> list[Address]:
    """Every address of a site."""
    return [Address(device, text, urlsplit(text)) for device, text in addresses.items()]


def of(addresses: Iterable[Address], scheme: str) -> list[Address]:
    """Addresses of one scheme, in the order of the site file."""
    return [address for address in addresses if address.scheme == scheme]


def displays(tables: Mapping[str, Any]) -> dict[str, Display]:
    """Panels of a site file's tables, and how large the display of each is."""
    sizes = {
        name: (one.get("rows", 2), one.get("columns", 16)) for name, one in tables.get("panel", {}).items()
    }
    return {name: Display(*size) for name, size in sizes.items()}


def token(badge: str) -> str:
    """UID of the card that a badge name stands for: 7 bytes in upper-case hexadecimal."""
    return (_MAKER + sha256(f"badge {badge}".encode()).digest()[:6]).hex().upper()


def rewritten(text: str, moved: Mapping[str, str], clock: str) -> str:
    """Site file with other addresses and another clock; ValueError when an address is not found in it."""
    for old, new in moved.items():
        quoted = [quote + old + quote for quote in "\"'" if quote + old + quote in text]
        if not quoted:
            raise ValueError(f"the site file does not spell the address {old}")
        for spelled in quoted:
            text = text.replace(spelled, f'"{new}"')
    return _with_clock(text, f'source = "{clock}"')


def _with_clock(text: str, source: str) -> str:
    table = _CLOCK_TABLE.search(text)
    if table is None:
        return f"{text.rstrip()}\n\n[clock]\n{source}\n"
    body = table["body"]
    without = _SOURCE.sub("", body) if _SOURCE.search(body) else body
    return text[: table.start("body")] + f"{source}\n" + without + text[table.end("body") :]
