import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from firmware_shims import pi_host
from firmware_shims.pinboard import PinBoard


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PinBoard]:
    monkeypatch.setenv("IRONROOM_PINBOARD", "")
    monkeypatch.setenv("RPI_LGPIO_REVISION", "")
    with PinBoard(tmp_path / "pins") as board:
        pi_host.adopt(tmp_path / "pins")
        yield board


@pytest.fixture
def gpio(world: PinBoard) -> Iterator[Any]:
    # The real rpi-lgpio; only the C module under it is ours.
    module = importlib.import_module("RPi.GPIO")
    module.setwarnings(False)
    module.setmode(module.BCM)
    yield module
    module.cleanup()
