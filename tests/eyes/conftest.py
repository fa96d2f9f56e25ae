"""A house whose loop is the test's own thread, and a recorder that the test plays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.eyes.eyes_house import House
from tests.eyes.eyes_peer import Peer


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path) as house:
        yield house


@pytest.fixture
def peer(house: House) -> Iterator[Peer]:
    with Peer(house) as peer:
        yield peer.well(house)
