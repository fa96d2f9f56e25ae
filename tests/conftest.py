"""What holds for all tests. Rule: nothing here changes what is tested."""

from __future__ import annotations

import gc
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


FIRST = ("test_axe.py", "test_axe_zh.py", "test_set_up.py", "test_walk.py", "test_refusals.py")
"""Files that take longest: no process shall be left alone with one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files are mixed, always in the same way: those that wait run beside those that compute.

    In the order of their folders whole rooms with cameras would stand beside each other and starve on two
    cores, and then the cores would idle while the readers' tests wait.
    """
    items.sort(
        key=lambda item: (item.path.name not in FIRST, crc32(str(item.path.relative_to(TESTS)).encode()))
    )


def pytest_collection_finish() -> None:
    """What was collected stays: garbage collection need not look at all of it again and again."""
    gc.collect()
    gc.freeze()
