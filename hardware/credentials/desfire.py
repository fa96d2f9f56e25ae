"""Level ``desfire``: a MIFARE DESFire EV1, EV2 or EV3 that proves its key and tells its number encrypted.

Rule: what the card is, is in desfire_reading.py; how it becomes one, in desfire_making.py.
"""

from __future__ import annotations

from hardware.credentials.desfire_making import make
from hardware.credentials.desfire_reading import read
from hardware.credentials.exchange import Scheme

DESFIRE = Scheme(
    "desfire",
    "a MIFARE DESFire card that proves a key of its own (AES-128, both ways)",
    keyed=True,
    read=read,
    make=make,
)
