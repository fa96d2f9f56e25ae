"""Level ``ntag424``: an NTAG 424 DNA that counts its readings, proves its keys, tells its number.

Rule: what the card is, is in ntag424_reading.py and sun.py; how it becomes one, in ntag424_making.py.
"""

from __future__ import annotations

from hardware.credentials.exchange import Scheme
from hardware.credentials.ntag424_making import make
from hardware.credentials.ntag424_reading import read

NTAG424 = Scheme(
    "ntag424",
    "an NTAG 424 DNA that counts its readings and proves keys of its own (AES-128, both ways)",
    keyed=True,
    read=read,
    make=make,
)
