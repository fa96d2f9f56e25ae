"""What holds for all tests. Rule: nothing here changes what is tested."""

from __future__ import annotations

import signal
from contextlib import suppress


def pytest_configure() -> None:
    """A shell that runs tests in the background lets them ignore Ctrl-C, and every program they start too."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        with suppress(ValueError):  # not on the main thread
            signal.signal(signal.SIGINT, signal.default_int_handler)
