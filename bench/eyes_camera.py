"""A camera for the bench: views of drawn rooms and of photographs, through a lens that faults can be put on.

Rule: seeded: a bench run again sees the same pictures.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from firmware_shims.cameras.eye import Eye
from firmware_shims.cameras.layout import SPOTS
from firmware_shims.cameras.scene import Scene

Pixels = NDArray[np.integer[Any] | np.floating[Any]]
SIZE = (1280, 720)
WIDE = (1344, 756)
"""What a view draws: a little more than is seen, so that a camera can be turned."""
PHOTOGRAPHS = Path(__file__).parent.parent / "tests" / "cameras" / "footage"
ROOMS = ("room", "door", "cabinet", "window")
_DOORS = {"room": "main", "door": "main", "cabinet": "c1.b", "window": "main"}
_SEEN = {
    "room": ("middle", "cabinet", "corner"),
    "door": ("door", "middle", "table"),
    "cabinet": ("middle", "cabinet", "window"),
    "window": ("door", "window", "corner"),
}


class View(Protocol):
    """Something to look at: ``empty``, with ``opened`` doors, and with somebody at a place of 0 to 1."""

    name: str

    def empty(self) -> Pixels:
        """With nobody in it."""
        ...

    def opened(self) -> Pixels:
        """With a door or a compartment open."""
        ...

    def with_person(self, where: float) -> Pixels:
        """With somebody in it."""
        ...


class Drawn:
    """A view of the drawn room."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._now = 1_000.0
        self._scene = Scene(clock=lambda: self._now)
        self._eye = Eye(self._scene, name, WIDE)

    def empty(self) -> Pixels:
        """The empty room."""
        return self._eye.drawn(self._scene.at(self._now))

    def opened(self) -> Pixels:
        """The room with one of its doors or compartments open."""
        self._scene.opens(_DOORS[self.name])
        self._now += 5
        pixels = self.empty()
        self._scene.shuts(_DOORS[self.name])
        self._now += 5
        return pixels

    def with_person(self, where: float) -> Pixels:
        """Somebody near one of the places that this view sees, up to 30 cm beside it."""
        places = _SEEN[self.name]
        x, z = SPOTS[places[int(where * 997) % len(places)]]
        self._scene.stands("li", (x + 0.6 * (where - 0.5), z))
        pixels = self.empty()
        self._scene.gone("li")
        return pixels


class Photographed:
    """A photograph, and the photograph of a person before it."""

    def __init__(self, file: Path) -> None:
        self.name = file.stem
        self._pixels = cv2.resize(_read(file), WIDE, interpolation=cv2.INTER_CUBIC)
        self._person = _read(file.with_name("person.jpg"))

    def empty(self) -> Pixels:
        """The photograph."""
        return self._pixels.copy()

    def opened(self) -> Pixels:
        """An eighth of it hidden by something plain that stands still."""
        pixels = self.empty()
        pixels[:, 900 : 900 + WIDE[0] // 8] = (90, 110, 120)
        return pixels

    def with_person(self, where: float) -> Pixels:
        """A person of 150 to 500 pixels in height, from 2 to 20 percent of the picture."""
        return stood(self.empty(), self._person, 150 + int(where * 7_919) % 350, where)


def photographs() -> list[View]:
    """All that are there; none where the product was installed without its tests."""
    files = sorted(file for file in PHOTOGRAPHS.glob("*.jpg") if file.stem != "person")
    return [Photographed(file) for file in files]


def rooms() -> list[View]:
    """Views of the drawn room."""
    return [Drawn(name) for name in ROOMS]


def close(pixels: Pixels, share: float, where: float) -> Pixels:
    """Somebody so close that ``share`` (0 to 1) of the picture is hidden."""
    person = _read(PHOTOGRAPHS / "person.jpg")
    height = min(pixels.shape[0], int((share * pixels.shape[0] * pixels.shape[1] * 1.28) ** 0.5))
    width = int(share * pixels.shape[0] * pixels.shape[1] / height)
    return stood(pixels, cv2.resize(person, (width, height)), height, where)


def stood(pixels: Pixels, person: Pixels, height: int, where: float) -> Pixels:
    """A person with the feet on the lower edge, at ``where`` (0 to 1) from the left."""
    width = person.shape[1] * height // person.shape[0]
    left = int(where * (pixels.shape[1] - width))
    pixels[-height:, left : left + width] = cv2.resize(person, (width, height))
    return pixels


def _read(file: Path) -> Pixels:
    pixels = cv2.imread(str(file))
    if pixels is None:
        raise FileNotFoundError(f"{file.name} is no picture; it belongs to the tests of cameras")
    return pixels


@dataclass(frozen=True, slots=True)
class Lens:
    """What is between the view and the JPEG; lengths in pixels of 1280 x 720.

    ``cover`` hides that share from the left, ``glare`` adds light around the middle, ``shake`` is how far
    each picture may be off, ``noise`` the deviation of the sensor, ``quality`` that of the JPEG.
    """

    right: float = 0.0
    down: float = 0.0
    turn: float = 0.0
    cover: float = 0.0
    soft: float = 0.0
    light: float = 1.0
    glare: float = 0.0
    grey: bool = False
    shake: float = 0.5
    noise: float = 3.0
    quality: int = 80


class Sensor:
    """Makes JPEGs of views, each with its own noise."""

    def __init__(self, seed: int) -> None:
        self.dice = np.random.default_rng(seed)
        self._pool = self.dice.standard_normal(2 * SIZE[0] * SIZE[1] * 3).astype(np.float32)

    def jpeg(self, pixels: Pixels, lens: Lens, *, clock: str = "") -> bytes:
        """One picture; ``clock`` is burnt in."""
        seen = self._optics(pixels, lens).astype(np.float32) * lens.light
        start = int(self.dice.integers(0, self._pool.size // 2))
        seen += self._pool[start : start + seen.size].reshape(seen.shape) * lens.noise
        return encoded(np.clip(seen, 0, 255).astype(np.uint8), lens.quality, clock)

    def _optics(self, pixels: Pixels, lens: Lens) -> Pixels:
        across, down = self.dice.uniform(-lens.shake, lens.shake, 2)
        turned = cv2.getRotationMatrix2D((WIDE[0] / 2, WIDE[1] / 2), lens.turn, 1.0)
        turned[:, 2] -= (32 + lens.right + across, 18 + lens.down + down)
        seen: Pixels = cv2.warpAffine(pixels, turned, SIZE, borderMode=cv2.BORDER_REFLECT)
        if lens.grey:
            seen = np.repeat(cv2.cvtColor(seen, cv2.COLOR_BGR2GRAY)[..., None], 3, axis=2)
        seen[:, : round(lens.cover * SIZE[0])] = 24
        if lens.soft:
            seen = cv2.GaussianBlur(seen, (0, 0), lens.soft)
        return seen.astype(np.float32) + _glare(lens.glare) if lens.glare else seen


def encoded(pixels: Pixels, quality: int, clock: str = "") -> bytes:
    """A JPEG, with a clock burnt in."""
    if clock:
        cv2.putText(pixels, clock, (24, 48), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (255, 255, 255), 2)
    _, data = cv2.imencode(".jpg", pixels, (cv2.IMWRITE_JPEG_QUALITY, quality))
    return data.tobytes()


def again(jpeg: bytes, quality: int, clock: str = "") -> bytes:
    """The same picture decoded and encoded once more, as a stream that is passed on is."""
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    return encoded(pixels, quality, clock)


def _glare(strength: float) -> Pixels:
    y, x = np.mgrid[: SIZE[1], : SIZE[0]].astype(np.float32)
    away = (x - SIZE[0] / 2) ** 2 + (y - SIZE[1] / 2) ** 2
    return np.asarray((strength * np.exp(-away / (2 * 400.0**2)))[..., None], np.float32)
