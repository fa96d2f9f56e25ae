"""nfcpy, taken in without its search for a cipher library, for which it would run ldconfig, gcc and ld.

Rule: whatever here needs nfcpy takes it from this file, so that nothing is started before it either.
That library would serve its secured LLCP alone (nfc/llcp/sec.py), which is not used.
"""

from __future__ import annotations

import ctypes.util
from collections.abc import Iterator
from contextlib import contextmanager


def _nothing(name: str) -> str | None:  # noqa: ARG001  # called as find_library is
    return None


@contextmanager
def _no_search() -> Iterator[None]:
    search = ctypes.util.find_library
    ctypes.util.find_library = _nothing
    try:
        yield
    finally:
        ctypes.util.find_library = search


with _no_search():
    import nfc.clf
    from nfc.clf import acr122, pn53x, pn532
    from nfc.clf.transport import TTY

__all__ = ["TTY", "acr122", "nfc", "pn53x", "pn532"]
