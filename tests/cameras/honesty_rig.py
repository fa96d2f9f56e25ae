"""A camera over one photograph, with what it learned; made once, because learning draws twenty pictures."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from bench.eyes_camera import PHOTOGRAPHS, Lens, Photographed, Sensor
from bench.eyes_honesty import learned
from hardware.cameras.honesty import Honesty
from hardware.cameras.reference import Reference

GOOD = Lens()


@cache
def table() -> Photographed:
    return Photographed(PHOTOGRAPHS / "table.jpg")


@cache
def sensor() -> Sensor:
    return Sensor(7)


@cache
def reference() -> Reference:
    return learned(table(), sensor())


@cache
def pictures(lens: Lens, many: int = 8) -> tuple[bytes, ...]:
    return tuple(sensor().jpeg(table().empty(), lens) for _ in range(many))


class Camera:
    """Judged a picture each second; pictures of one lens are drawn once and shown in turn."""

    def __init__(self, *, learned: bool = True) -> None:
        self.honesty = Honesty(reference() if learned else None, fault_after_s=10.0)
        self.at = 0.0

    def shows(self, jpeg: bytes) -> str:
        self.at += 1
        return self.honesty.look(jpeg, self.at).condition

    def sees(self, lens: Lens, looks: int) -> str:
        """Fresh pictures: a repeated one would be a recording, and be found."""
        drawn = table().empty()
        for _ in range(looks):
            self.shows(sensor().jpeg(drawn, lens))
        return self.honesty.condition

    def until(self, word: str, show: Callable[[int], bytes], most: int) -> int:
        """Looks until the condition is there; ``most`` + 1 when it never is."""
        return next((n for n in range(1, most + 1) if self.shows(show(n)) == word), most + 1)
