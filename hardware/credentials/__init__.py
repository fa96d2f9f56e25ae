"""Badges that prove themselves: every scheme is one module, and all are named here, strongest first."""

from __future__ import annotations

from hardware.credentials.desfire import DESFIRE
from hardware.credentials.exchange import Scheme
from hardware.credentials.uid import UID

CREDENTIALS: tuple[Scheme, ...] = (DESFIRE, UID)
