"""Recordings of writers, once each, and the places where their crashed disks are laid out."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from shutil import rmtree
from tempfile import mkdtemp

from tests.power.disk import Disk, cuts
from tests.power.inquest import Findings, inquest, promised
from tests.power.trace import Deed, record, said
from tests.power.writer import first_version

SEED = os.environ.get("IRONROOM_SEED", "1")
"""Other dice for another run; the seed is in the name of every folder that a failure tells."""

POINTS = {
    "begins": 120,
    "works": 80,
    "works_in_crowds": 80,
    "copies": 120,
    "saves": 80,
    "seals": 80,
    "comes_and_goes": 80,
    "comes_back": 80,
    "grows_up": 60,
}
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder, in memory where there is such a place, that stays when something fails in it."""
    place = MEMORY if os.access(MEMORY, os.W_OK) else None
    folder = Path(mkdtemp(prefix=f"ironroom-power-seed-{SEED}-", dir=place))
    yield folder
    rmtree(folder)


def tried(deed: str, place: Path, points: int, synchronous: str = "FULL") -> Findings:
    """Record a writer, and cut its power at so many points."""
    root = place / deed
    root.mkdir(mode=0o700)
    _before(deed, root, place)
    disk = Disk(root)
    deeds = recorded(deed, root, synchronous)
    return inquest(deeds, disk, place, f"{SEED} {deed}", points, honest=synchronous == "FULL")


def recorded(deed: str, root: Path, synchronous: str = "FULL", lives: int = 1, *faults: str) -> list[Deed]:
    """What a writer did to the disk below a folder."""
    command = [sys.executable, "-m", "tests.power.writer", deed, str(root), synchronous, str(lives)]
    return record(command, root.with_suffix(".trace"), *faults)


def tried_again(place: Path, number: int, points: int, deed: str = "is_started_again") -> Findings | None:
    """The n-th sync fails, the log is opened again, and then the power goes; None where there is no n-th."""
    root = place / f"sync{number}"
    root.mkdir(mode=0o700)
    disk = Disk(root)
    only = [f"-P{root}", f"-P{root / 'data'}", f"-P{root / 'data' / 'custody.lock'}"]
    only += [f"-P{root / 'data' / 'custody.db'}{suffix}" for suffix in ("", "-wal", "-journal")]
    only += [f"-P{root / 'data' / 'log.key'}{suffix}" for suffix in ("", ".new")]
    fault = f"-einject=fsync,fdatasync:error=EIO:when={number}"
    deeds = recorded(deed, root, "FULL", 2, fault, *only, f"-P{said(root)}")
    failures = [n for n, deed in enumerate(deeds) if deed.call == "failed"]
    if not failures:
        return None
    return inquest(deeds, disk, place, f"{SEED} {root.name}", points, honest=True, first=failures[0])


def _before(deed: str, root: Path, place: Path) -> None:
    """What a writer finds."""
    if deed == "grows_up":
        first_version(root)
    elif deed == "comes_back":
        root.rmdir()
        _crashed(root, place)


def _crashed(root: Path, place: Path) -> None:
    """The disk of a writer whose power went in the middle of its work, as it was found."""
    earlier = place / "earlier"
    earlier.mkdir(mode=0o700)
    disk = Disk(earlier)
    deeds = recorded("copies", earlier)
    dice = Random(SEED)  # noqa: S311
    middle = next(n for n in range(len(deeds) // 2, len(deeds)) if deeds[n].call == "write")
    for _ in cuts(disk, deeds, [middle]):
        disk.cut(dice, root)
    assert promised(deeds, middle).size
