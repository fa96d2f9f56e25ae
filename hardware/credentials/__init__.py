"""Badges that prove themselves: every scheme is one module, and all are named here, strongest first."""

from __future__ import annotations

from hardware.credentials.desfire import DESFIRE
from hardware.credentials.exchange import Scheme
from hardware.credentials.ntag424 import NTAG424
from hardware.credentials.piv import PIV
from hardware.credentials.uid import UID

CREDENTIALS: tuple[Scheme, ...] = (DESFIRE, PIV, NTAG424, UID)
