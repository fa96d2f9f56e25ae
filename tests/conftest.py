"""What holds for all tests. Rule: nothing here changes what is tested."""

from __future__ import annotations

import signal
from contextlib import suppress
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import settings

# Every law is tried with some examples in each run of the tests, and with very many in `make soak`
# (tests/soak/laws.py). A law says how many only where that number is part of what it is about.
settings.register_profile("short", max_examples=50, deadline=None)  # other programs may have the processor
settings.register_profile("soak", max_examples=2_000, deadline=None)
settings.load_profile("short")

TESTS = Path(__file__).parent


def pytest_configure() -> None:
    """A shell that runs tests in the background lets them ignore Ctrl-C, and every program they start too."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        with suppress(ValueError):  # not on the main thread
            signal.signal(signal.SIGINT, signal.default_int_handler)


LONGEST = ("wires", "demo", "hardware", "power", "recorder", "eyes", "witness")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest begin first, so that no worker is left alone with one at the end.

    They are mixed, always in the same way: whole rooms with cameras beside each other starve on two cores.
    """
    items.sort(key=_place)


def _place(item: pytest.Item) -> tuple[bool, int]:
    path = item.path.relative_to(TESTS)
    first = path.parts[0] in LONGEST
    return not first, crc32(str(path).encode()) if first else 0
