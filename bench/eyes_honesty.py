"""How often a camera's faults are missed, how often a good camera is called a liar, and who is in the room.

Rule 1: a rate stands beside its counts and a 95 % interval: of twelve trials without a miss the true rate
may be a quarter.
Rule 2: photographs that a drawn camera moves over are no footage of real cameras, and nobody says so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial

from bench.eyes_camera import Lens, Pixels, Sensor, View, again, close, photographs, rooms
from bench.figures import Figure
from bench.rates import Count
from hardware.cameras.honesty import Honesty
from hardware.cameras.lasting import BACK
from hardware.cameras.people import presence
from hardware.cameras.reference import Learning, Reference
from hardware.cameras.seen import grey

AFTER_S = 10.0
TRIALS = 12
"""Of each fault and each kind of view."""
SECONDS = 60
"""Of each kind of normal footage, for each view."""
LEARNED = 20
_OPEN_S = 150
_NORMAL = Lens()
_FAULTS: dict[str, tuple[str, Lens, int]] = {
    "covered": ("covered", Lens(cover=1.0), 14),
    "covered_75": ("covered", Lens(cover=0.75), 40),
    "covered_50": ("covered", Lens(cover=0.5), 150),
    "moved_20px": ("moved", Lens(right=20), 14),
    "moved_60px": ("moved", Lens(right=30, down=16, turn=3), 14),
    "turned_8deg": ("moved", Lens(turn=8), 40),
    "soft_2px": ("defocused", Lens(soft=2), 14),
    "soft_3px": ("defocused", Lens(soft=3), 14),
    "sprayed": ("defocused", Lens(soft=8), 14),
    "blinded": ("blinded", Lens(glare=400), 14),
}
_GOOD: dict[str, Lens] = {
    "still": _NORMAL,
    "noise_x4": Lens(noise=12),
    "jpeg_50": Lens(quality=50),
    "shaken_3px": Lens(shake=3),
    "infrared": Lens(grey=True, light=0.8),
    "light_45": Lens(light=0.45),
    "light_150": Lens(light=1.5),
    "dark": Lens(light=0.08, noise=2),
}


@dataclass(slots=True)
class Watched:
    """One camera that is judged, a picture each second."""

    view: View
    sensor: Sensor
    reference: Reference
    honesty: Honesty = field(init=False)
    at: float = 0.0
    looks: int = 0
    alarms: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.honesty = Honesty(self.reference, fault_after_s=AFTER_S)

    def looks_at(self, pixels: Pixels, lens: Lens = _NORMAL) -> str:
        """A second later, and what it thinks then."""
        return self.hears(self.sensor.jpeg(pixels, lens))

    def hears(self, jpeg: bytes) -> str:
        """A second later, of a JPEG."""
        self.at, self.looks = self.at + 1, self.looks + 1
        verdict = self.honesty.look(jpeg, self.at)
        if verdict.is_new and verdict.condition != BACK:
            self.alarms.append(verdict.condition)
        return verdict.condition


def learned(view: View, sensor: Sensor, lens: Lens = _NORMAL) -> Reference:
    """What the view looks like empty, as a camera learns it."""
    learning = Learning(frames=LEARNED)
    pixels = view.empty()
    for _ in range(LEARNED):
        found = learning.add(grey(sensor.jpeg(pixels, lens)))
    assert found is not None
    return found


def run(trials: int = TRIALS, seed: int = 1, seconds: int = SECONDS) -> dict[str, Figure]:
    """All figures: of drawn rooms, and of photographs where they are there."""
    figures: dict[str, Figure] = {}
    for source, views in (("drawn", rooms()), ("photo", photographs())):
        if views:
            figures |= {
                f"{source}_{key}": figure for key, figure in measured(views, trials, seed, seconds).items()
            }
    return figures


def measured(
    views: list[View], trials: int = TRIALS, seed: int = 1, seconds: int = SECONDS
) -> dict[str, Figure]:
    """Figures of these views: ``missed_…`` and ``false_…`` rates, and milliseconds of a look."""
    sensor = Sensor(seed)
    known = [(view, learned(view, sensor)) for view in views]

    def watched(trial: int) -> Watched:
        view, reference = known[trial % len(known)]
        return Watched(view, sensor, reference)

    figures = {f"missed_{name}": _fault(name, watched, trials) for name in _FAULTS}
    figures["missed_frozen"] = _missed("frozen", _frozen, watched, trials)
    figures["missed_frozen_again"] = _missed("frozen", _frozen_again, watched, trials)
    figures["missed_looped"] = _missed("looped", _looped, watched, trials)
    figures["missed_looped_again"] = _missed("looped", _looped_again, watched, trials)
    figures |= _good([watched(number) for number in range(len(known))], seconds)
    figures |= _people([watched(number) for number in range(len(known))], trials * 4)
    figures["look_ms"] = _cost(watched(0))
    return figures


def _fault(name: str, watched: Callable[[int], Watched], trials: int) -> Figure:
    word, lens, looks = _FAULTS[name]

    def show(camera: Watched) -> Iterable[str]:
        pixels = camera.view.empty()
        return (camera.looks_at(pixels, lens) for _ in range(looks))

    return _missed(word, show, watched, trials)


def _missed(
    word: str, show: Callable[[Watched], Iterable[str]], watched: Callable[[int], Watched], trials: int
) -> Figure:
    """Share of the trials in which nothing was found; beside it those found under another name."""
    missed, misnamed, seconds = Count(), 0, 0.0
    for trial in range(trials):
        camera = watched(trial)
        for _ in range(3):
            camera.looks_at(camera.view.empty())
        since = camera.at
        found = next((said for said in show(camera) if said != BACK), BACK)
        missed.add(found == BACK)
        misnamed += found not in (BACK, word)
        seconds = max(seconds, camera.at - since)
    return missed.figure(misnamed=misnamed, found_within_s=seconds)


def _frozen(camera: Watched) -> Iterable[str]:
    jpeg = camera.sensor.jpeg(camera.view.empty(), _NORMAL)
    return (camera.hears(jpeg) for _ in range(14))


def _frozen_again(camera: Watched) -> Iterable[str]:
    """Frozen, passed on at changing qualities, a running clock burnt in."""
    jpeg = camera.sensor.jpeg(camera.view.empty(), _NORMAL)
    return (camera.hears(again(jpeg, 80, f"2026-11-22 06:{n // 60:02}:{n % 60:02}")) for n in range(60))


def _looped(camera: Watched) -> Iterable[str]:
    """Twenty seconds at ten pictures a second, over and over, bytes as they were."""
    return (camera.hears(jpeg) for jpeg in _tape(camera, 40, 400))


def _looped_again(camera: Watched) -> Iterable[str]:
    """The same, decoded and encoded again at changing qualities."""
    return (camera.hears(again(jpeg, 60 + n % 25)) for n, jpeg in enumerate(_tape(camera, 30, 120)))


def _tape(camera: Watched, pictures: int, looks: int) -> Iterable[bytes]:
    pixels = camera.view.empty()
    tape = [camera.sensor.jpeg(pixels, _NORMAL) for _ in range(pictures)]
    # Looks meet the pictures of a tape in no order of their own.
    return (tape[int(camera.sensor.dice.integers(pictures))] for _ in range(looks))


def _good(cameras: list[Watched], seconds: int) -> dict[str, Figure]:
    """Alarms of good cameras, by what was to be seen for so many seconds, a look each."""
    kinds: dict[str, Count] = {}
    for camera in cameras:
        for name, show in _shows(camera).items():
            camera.honesty.learn(camera.reference)
            before, kind = len(camera.alarms), kinds.setdefault(name, Count())
            for n in range(_OPEN_S if name == "door_open" else seconds):
                show(n)
                kind.n += 1
            kind.hits += len(camera.alarms) - before
    whole = Count(sum(kind.hits for kind in kinds.values()), sum(kind.n for kind in kinds.values()))
    hour = {"alarms_an_hour": whole.hits * 3_600 / whole.n, "hours": whole.n / 3_600}
    return {f"false_{name}": kind.figure() for name, kind in kinds.items()} | {
        "false_all": whole.figure(**hour)
    }


def _shows(camera: Watched) -> dict[str, Callable[[int], str]]:
    """What a good camera may see, each a second long: ``show(n)`` is second n of it."""
    view, where = camera.view, camera.sensor.dice.random
    empty, opened = view.empty(), view.opened()
    shows: dict[str, Callable[[int], str]] = {
        name: partial(_steadily, camera, empty, lens) for name, lens in _GOOD.items()
    }
    shows["light_switched"] = lambda n: camera.looks_at(empty, Lens(light=1.0 if n // 7 % 2 else 0.2))
    shows["walking"] = lambda n: camera.looks_at(view.with_person(n / 60))
    shows["door_open"] = lambda _: camera.looks_at(opened)
    if photographs():
        shows["close_25"] = lambda _: camera.looks_at(close(view.empty(), 0.25, where()))
        shows["close_40"] = lambda _: camera.looks_at(close(view.empty(), 0.4, where()))
    return shows


def _steadily(camera: Watched, pixels: Pixels, lens: Lens, _: int) -> str:
    return camera.looks_at(pixels, lens)


def _people(cameras: list[Watched], trials: int) -> dict[str, Figure]:
    """Single pictures of a room: somebody missed, somebody seen who is not there."""
    missed, false, dark = Count(), Count(), Count()
    lenses = [lens for name, lens in _GOOD.items() if name != "dark"]
    for trial in range(trials):
        camera, lens = cameras[trial % len(cameras)], lenses[trial // len(cameras) % len(lenses)]
        pixels = camera.view.with_person(float(camera.sensor.dice.random()))
        seen = presence(grey(camera.sensor.jpeg(pixels, lens)), camera.reference)
        none = presence(grey(camera.sensor.jpeg(camera.view.empty(), lens)), camera.reference)
        missed.add(not seen.is_occupied)
        false.add(bool(none.is_occupied))
        shot = camera.sensor.jpeg(pixels, replace(lens, light=0.1))
        dark.add(presence(grey(shot), camera.reference).is_occupied is None)
    return {
        "missed_occupied": missed.figure(),
        "false_occupied": false.figure(),
        "dark_is_unknown": dark.figure(),
    }


def _cost(camera: Watched) -> Figure:
    """CPU of one look, decoding and presence included."""
    pixels = camera.view.empty()
    jpegs = [camera.sensor.jpeg(pixels, _NORMAL) for _ in range(60)]
    for jpeg in jpegs[:40]:
        camera.hears(jpeg)
    began = time.process_time()
    for jpeg in jpegs[40:]:
        camera.hears(jpeg)
        presence(grey(jpeg), camera.reference)
    return Figure("ms", 20, value=(time.process_time() - began) * 1_000 / 20)
