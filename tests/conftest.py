"""What holds for all tests. Rule: nothing here changes what is tested."""

from __future__ import annotations

import signal
from contextlib import suppress
from pathlib import Path

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
    """The files that take longest begin first, so that no worker is left alone with one at the end."""
    items.sort(key=lambda item: item.path.relative_to(TESTS).parts[0] not in LONGEST)
