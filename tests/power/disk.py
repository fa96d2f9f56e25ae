"""A disk that loses its power: what was synced stays, of the rest each sector may or may not have arrived.

Rule 1: it is worse than a file system. A file's name counts only when its folder was synced; sizes, names
and sectors arrive in any order; a sector (512 bytes) arrives whole or not at all, in any version it had
since the last sync; what a file grew by without arriving is zeros, or rubbish.
Rule 2: a sync that failed has lost what it should have written: the kernel shows it and thinks it written,
so that no later sync writes it either, unless the bytes are written again (facts on fsync, 2018).
Rule 3: shared memory (``-shm``) is never synced and holds anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TypeVar

from tests.power.trace import Deed

SECTOR = 512
Version = TypeVar("Version")


@dataclass(slots=True)
class File:
    """Content as the kernel shows it, content as it is certain, and what lies between the two."""

    folder: bool = False
    now: bytearray = field(default_factory=bytearray)
    certain: bytes = b""
    sizes: list[tuple[int, int]] = field(default_factory=list)
    sectors: dict[int, list[tuple[int, bytes]]] = field(default_factory=dict)
    forsaken: set[int] = field(default_factory=set)

    def write(self, moment: int, at: int, data: bytes) -> None:
        """Change bytes, and perhaps the size."""
        end = at + len(data)
        if end > len(self.now):
            self.now.extend(bytes(end - len(self.now)))
            self.sizes.append((moment, end))
        self.now[at:end] = data
        self._touched(moment, at, end)

    def truncate(self, moment: int, size: int) -> None:
        """Change the size; what lay behind it reads as zeros from now on."""
        before = len(self.now)
        del self.now[size:]
        self.now.extend(bytes(size - len(self.now)))
        self.sizes.append((moment, size))
        self._touched(moment, min(size, before), max(size, before))

    def _touched(self, moment: int, at: int, end: int) -> None:
        for number in range(at // SECTOR, -(-end // SECTOR)):
            version = bytes(self.now[number * SECTOR : (number + 1) * SECTOR]).ljust(SECTOR, b"\0")
            self.sectors.setdefault(number, []).append((moment, version))
            self.forsaken.discard(number)

    def sync(self) -> None:
        """Everything is certain that was not forsaken before."""
        old, self.certain = self.certain, bytes(self.now)
        self.sizes.clear()
        self.sectors = {number: self.sectors[number] for number in self.forsaken}
        for number in self.forsaken:
            at, end = number * SECTOR, min((number + 1) * SECTOR, len(self.certain))
            kept = old[at:end].ljust(max(0, end - at), b"\0")
            self.certain = self.certain[:at] + kept + self.certain[end:]

    def failed(self) -> None:
        """A sync has failed."""
        self.forsaken |= set(self.sectors)

    def after(self, fate: Fate) -> bytes:
        """Content after the power came back."""
        size = fate.of([(-1, len(self.certain)), *self.sizes])
        content = bytearray(self.certain[:size].ljust(size, b"\0"))
        for number, versions in self.sectors.items():
            old = self.certain[number * SECTOR : (number + 1) * SECTOR]
            chosen = fate.of([(-1, old.ljust(SECTOR, b"\0") if old else fate.hole()), *versions])
            content[number * SECTOR : (number + 1) * SECTOR] = chosen
        return bytes(content[:size])


class Fate:
    """What arrives: everything, nothing, all before a moment, or each by its own dice."""

    def __init__(self, dice: Random, first: int, last: int) -> None:
        self._dice = dice
        self.way = dice.choice(("all", "none", "until", "until", "dice", "dice", "dice", "dice"))
        self._until = dice.randint(first, max(first, last))
        self._chance = dice.choice((0.05, 0.3, 0.5, 0.7, 0.95))
        self._rubbish = dice.random() < 0.25

    def of(self, versions: list[tuple[int, Version]]) -> Version:
        """One of the versions, oldest first; the first is the certain one."""
        match self.way:
            case "all":
                return versions[-1][1]
            case "none":
                return versions[0][1]
            case "until":
                return [v for moment, v in versions if moment <= self._until][-1]
            case _:
                new = len(versions) > 1 and self._dice.random() < self._chance
                return self._dice.choice(versions[1:])[1] if new else versions[0][1]

    def hole(self) -> bytes:
        """A sector that belongs to a file and was never written."""
        return self.rubbish(SECTOR) if self._rubbish else bytes(SECTOR)

    def rubbish(self, size: int) -> bytes:
        """Bytes of somebody else."""
        return self._dice.randbytes(size)


class Disk:
    """All files below a folder, ``root``; deeds elsewhere are nothing to it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.moment = 0
        self._calm = 0  # the moment before which everything was certain, at the latest
        self._certain: dict[str, File] = {}
        self._now: dict[str, File] = {}
        self._names: dict[str, list[tuple[int, File | None]]] = {}
        for path in sorted(root.rglob("*")):
            content = b"" if path.is_dir() else path.read_bytes()
            self._certain[str(path)] = File(path.is_dir(), bytearray(content), content)
        self._certain[str(root)] = File(folder=True)
        self._now |= self._certain

    def do(self, deed: Deed) -> None:
        """Carry out a deed."""
        self.moment += 1
        if not Path(deed.path).is_relative_to(self.root):
            return
        file = self._now.get(deed.path)
        match deed.call:
            case "make" if file:
                if deed.at:
                    file.truncate(self.moment, 0)
            case "make" | "folder":
                self._name(deed.path, File(deed.call == "folder"))
            case "unlink":
                self._name(deed.path, None)
            case "link":
                self._name(deed.path, self._now[deed.data.decode()])
            case "sync":
                self._sync(deed.path)
            case _:
                assert file, f"{deed.path}: {deed.call}"
                self._change(file, deed)

    def _change(self, file: File, deed: Deed) -> None:
        match deed.call:
            case "write":
                file.write(self.moment, len(file.now) if deed.at < 0 else deed.at, deed.data)
            case "truncate":
                file.truncate(self.moment, deed.at)
            case "failed":
                file.failed()
            case _:
                raise AssertionError(f"{deed.path}: {deed.call}")

    def _name(self, path: str, file: File | None) -> None:
        self._names.setdefault(path, []).append((self.moment, file))
        if file:
            self._now[path] = file
        else:
            del self._now[path]

    def _sync(self, path: str) -> None:
        self._calm = self.moment
        if not self._now[path].folder:
            self._now[path].sync()
            return
        for name in [n for n in self._names if str(Path(n).parent) == path]:
            del self._names[name]
            self._certain.pop(name, None)
            if name in self._now:
                self._certain[name] = self._now[name]

    def cut(self, dice: Random, into: Path) -> str:
        """Write the files as a power cut would leave them below a new folder; gives the way it chose."""
        fate = Fate(dice, max(0, self._calm - 20), self.moment)
        into.mkdir(mode=0o700)
        for path in sorted({*self._certain, *self._names} - {str(self.root)}):
            file = fate.of([(-1, self._certain.get(path)), *self._names.get(path, [])])
            place = into / Path(path).relative_to(self.root)
            if file and place.parent.exists():
                _lay(file, place, fate)
        return fate.way


def _lay(file: File, place: Path, fate: Fate) -> None:
    if file.folder:
        place.mkdir(mode=0o700)
        return
    place.touch(mode=0o600)
    place.write_bytes(fate.rubbish(32_768) if place.name.endswith("-shm") else file.after(fate))


def cuts(disk: Disk, deeds: list[Deed], points: Iterable[int]) -> Iterable[int]:
    """Carry out deeds, and stop before each point (an index of a deed, in rising order, perhaps repeated)."""
    done = 0
    for point in points:
        for deed in deeds[done:point]:
            disk.do(deed)
        done = point
        yield point
