"""What tests of cameras are given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hardware.cameras.capture import Camera
from hardware.cameras.jpeg import encoded
from hardware.cameras.ring import Ring
from tests.cameras.senders import QUICK, Peer, Watched, Wire, drawn


@pytest.fixture(scope="session")
def jpegs() -> list[bytes]:
    return [encoded(drawn(seed)) for seed in range(8)]


@pytest.fixture
def wire() -> Iterator[Callable[[Callable[[Peer], None]], Wire]]:
    """A camera that does what it is given, for each connection."""
    made: list[Wire] = []

    def at(serve: Callable[[Peer], None]) -> Wire:
        made.append(Wire(serve))
        return made[-1]

    yield at
    for one in made:
        one.stop()


@pytest.fixture
def watched(wire: Callable[[Callable[[Peer], None]], Wire]) -> Iterator[Callable[..., Watched]]:
    """The same with our camera already looking at it."""
    made: list[Watched] = []

    def at(serve: Callable[[Peer], None], scheme: str = "http", **more: Any) -> Watched:
        there = wire(serve)
        ring = Ring(5.0, 8 << 20, more.pop("per_second", 20))
        camera = Camera("door", there.address(scheme), ring, **{"patience": QUICK, **more})
        made.append(Watched(camera, there))
        camera.start()
        return made[-1]

    yield at
    for one in made:
        assert one.camera.stop()
