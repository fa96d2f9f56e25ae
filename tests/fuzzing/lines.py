"""What any bytes may do where people and converters speak: one kind of error each, with a sentence.

Loops: any answer of a converter is a count in its range or an error. The gate, halves of the site key,
addresses of devices and the site file: what was meant, or a refusal; nothing of a half stands in it.
"""

from __future__ import annotations

import json
from contextlib import suppress

from controller.config import builtin, loads
from controller.device_urls import SPELLED, parse_url
from controller.errors import ConfigError
from controller.gate_lines import BadLineError, parsed
from controller.key_halves import WrongHalf, half_of, spelled
from controller.url_parts import WrongUrlError
from hardware.analogue import mcp3208
from hardware.analogue.converter import ConverterError
from tests.fuzzing.dice import Choices

FULL_SCALE = 4095
HALF = spelled(bytes(range(32)))
LINES = (
    {"ask": "block_badge", "by": "li", "second": "", "fields": {"badge": "04A1"}},
    {"look": "room"},
    {"report": {"camera": "gate", "condition": "dark"}},
    {"site_key": [HALF, HALF], "by": "li", "second": "wang"},
    {"site_key": [HALF, HALF], "by": "li", "second": "wang", "replace": "00C0FFEE"},
)
SITE = builtin("passage").read_bytes()


class WrongError(AssertionError):
    """Something was believed, or told, that must not be."""


def converter(data: bytes) -> None:
    """An answer on SPI."""
    for answer in (data, data[:5].ljust(5, b"\x00")):
        with suppress(ConverterError):
            if not 0 <= mcp3208.counts(answer) <= FULL_SCALE:
                raise WrongError(answer.hex())


def gate(data: bytes) -> None:
    """A line at the gate."""
    dice = Choices(data)
    whole = json.dumps(LINES[dice.byte() % len(LINES)]).encode()
    for line in (data, dice.changed(whole)):
        with suppress(BadLineError):
            parsed(line)


def half(data: bytes) -> None:
    """A half of a site key, typed."""
    for typed in (data, Choices(data).changed(HALF.encode())):
        text = typed.decode("utf-8", "replace")
        try:
            if len(half_of(text)) != len(bytes(range(32))):
                raise WrongError(text)
        except WrongHalf as refused:
            if len(text) > len("half") and text in refused.sentence:
                raise WrongError("what was typed is told") from refused


def address(data: bytes) -> None:
    """An address of a device."""
    dice, every = Choices(data), sorted(SPELLED.values())
    good = every[dice.byte() % len(every)].split(" ")[0]
    for text in (data, dice.changed(good.encode())):
        with suppress(WrongUrlError):
            parse_url(text.decode("utf-8", "replace"))


def site(data: bytes) -> None:
    """A site file with something else in one place."""
    dice = Choices(data)
    at = (dice.byte() << 8 | dice.byte()) % len(SITE)
    text = SITE[:at] + dice.take(60) + SITE[at + dice.byte() % 40 :]
    with suppress(ConfigError):
        loads(text.decode("utf-8", "replace"), "site.toml")
