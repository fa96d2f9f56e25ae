"""A pinboard with the real GPIO library on it, and cameras with one who reads their bytes."""

import importlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from firmware_shims import pi_host
from firmware_shims.cameras.camera import CameraShim, Make
from firmware_shims.cameras.scene import Scene
from firmware_shims.pinboard import PinBoard
from tests.firmware_shims.camera_readers import FPS, LOOP_S, SCHEMES, SIZE, Wire


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
    try:
        module.cleanup()
    except importlib.import_module("lgpio").error:  # the power was cut, and nothing said since
        module.cleanup()


@pytest.fixture(params=SCHEMES)
def camera(request: pytest.FixtureRequest) -> Iterator[CameraShim]:
    with CameraShim("door", Scene(), Make(size=SIZE, fps=FPS, scheme=request.param)) as camera:
        yield camera


@pytest.fixture
def http() -> Iterator[CameraShim]:
    with CameraShim("door", Scene(), Make(size=SIZE, fps=FPS, loop_s=LOOP_S)) as camera:
        yield camera


@pytest.fixture
def wire(http: CameraShim) -> Iterator[Wire]:
    with closing(Wire(http)) as wire:
        assert "multipart/x-mixed-replace" in wire.head()["content-type"]
        assert wire.part().endswith(b"\xff\xd9")
        yield wire
