"""Pieces of device addresses that every kind is made of: paths, queries, numbers.

Rule: strict; what is not spelled exactly so is refused with what would be right.
"""

from __future__ import annotations

import re

from controller.site_faults import near, shown

EXAMPLES = {
    "spi": "spi:///dev/spidev0.0?chip=mcp3208",
    "i2c": "i2c:///dev/i2c-1?chip=ads1115&address=72",
    "watchdog": "watchdog:///dev/watchdog",
}
_PORT = re.compile(r"(?:/[A-Za-z0-9_+-][A-Za-z0-9._+-]*)+")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,6}")


class WrongUrlError(ValueError):
    """A text is no device address: ``problem`` says why, ``remedy`` what would be right."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}; {remedy}")
        self.problem, self.remedy = problem, remedy


def port_and_query(rest: str, scheme: str, known: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """Split ``///dev/ttyAMA1?key=value`` into the path of the port and its keys."""
    port, query = query_of(rest.removeprefix("//"), known)
    if not rest.startswith("//") or not _PORT.fullmatch(port):
        right = (
            f"name the device by its whole path, such as {EXAMPLES.get(scheme, scheme + ':///dev/ttyAMA1')}"
        )
        raise WrongUrlError(f"{shown(port)} is no device file", right)
    return port, query


def query_of(rest: str, known: tuple[str, ...], right: str = "") -> tuple[str, dict[str, str]]:
    """Split off ``?key=value&key=value``; only known keys, each once. ``right`` says how they are written."""
    place, mark, tail = rest.partition("?")
    found: dict[str, str] = {}
    for pair in tail.split("&") if mark else ():
        key, _, value = pair.partition("=")
        if key not in known:
            raise WrongUrlError(f"{shown(key)} is not known behind the ?", right or _behind(key, known))
        if key in found:
            raise WrongUrlError(f"{key} is there twice", f"write {key} once")
        found[key] = value
    return place, found


def _behind(key: str, known: tuple[str, ...]) -> str:
    return near(key, known) if known else "remove the ? and what is behind it"


def numbered(text: str, what: str, low: int, high: int) -> int:
    """The number a text is, without sign or leading zeros, within a range."""
    if not _NUMBER.fullmatch(text) or not low <= int(text) <= high:
        raise WrongUrlError(f"{what} is {shown(text)}", f"write a number from {low} to {high}")
    return int(text)
