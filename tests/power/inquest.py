"""What must be so after a power cut: everything promised is there, nothing is damaged, and work goes on.

Rule: the product alone opens and judges the files; what it raises is damage. `LOST` is told, so that the
same inquest can be held over a writer that promises too much.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from shutil import rmtree

from controller.errors import LogDamaged
from controller.ledger.custody_log import CustodyLog
from controller.ledger.reading import LogReader
from controller.ledger.tree import Frontier
from controller.ledger.verify import verify
from tests.power.disk import Disk, cuts
from tests.power.trace import Deed
from tests.power.writer import DRAFT

KNOWN_LOSS = ("a log was kept here and it", "rolled-back log")
"""What the product says itself when something promised is gone; nothing an honest writer may come to."""

STATE_LOST = "a saved state is lost"


@dataclass(slots=True)
class Promised:
    """What the writer had promised before a moment, and the size that the commit under way may give."""

    roots: dict[int, str] = field(default_factory=dict)
    state: int = -1
    coming: int = 0

    @property
    def size(self) -> int:
        """Entries that must be there."""
        return max(self.roots, default=0)


def promised(deeds: Sequence[Deed], point: int) -> Promised:
    """What was said before a point of the recording."""
    found = heard(deed.data.decode() for deed in deeds[:point] if deed.call == "told")
    if not (found.roots or found.coming):  # nothing but what was there before
        later = heard(deed.data.decode() for deed in deeds if deed.call == "told")
        found.coming = min(later.roots, default=0)
    return found


def heard(lines: Iterable[str]) -> Promised:
    """What a writer said."""
    found = Promised()
    for words in map(str.split, lines):
        match words:
            case ["commit", size, root]:
                found.roots[int(size)] = root
            case ["coming", size]:
                found.coming = int(size)
            case ["state", n]:
                found.state = int(n)
    return found


def holds(folder: Path, before: Promised) -> bool:
    """Whether a log has kept its promises; raises AssertionError or IronroomError when it is not whole."""
    file = folder / "data" / "custody.db"
    with CustodyLog.open(file) as log:
        if log.size < before.size:
            return False
        size = log.size
        assert size in {before.size, before.coming}, f"{size} entries, half a commit"
        assert len(list(log.tail())) == size
        state = next(log.saved_states(), None)
        assert (state.n if state else -1) >= before.state, STATE_LOST
        assert len(log.notes) == 1, log.notes
        _require_keys(log)
        assert log.append([DRAFT | {"at": log.last_at}]) == [size]
    assert verify(file).entries == size + 1
    _same_history(file, before)
    return True


def _require_keys(log: CustodyLog) -> None:
    """Whoever an entry sealed for, and none erased since, has a key; and nobody else has one."""
    having: dict[str, int] = {}
    for entry in log.tail():
        for subject in entry.get("erases", ()):  # type: ignore[attr-defined]
            having.pop(subject, None)
        for subject in entry.get("seals", ()):  # type: ignore[attr-defined]
            having.setdefault(subject, entry["n"])  # type: ignore[arg-type]
    rows = log._fetch("SELECT subject, n FROM picture_key", ())
    assert dict(rows) == having, "keys of pictures that do not go with the entries"


def _same_history(file: Path, before: Promised) -> None:
    """Every head that was told is the head of the entries that are there."""
    frontier = Frontier()
    with LogReader(file) as reader:
        for (leaf,) in reader.fetch("SELECT leaf FROM entry ORDER BY n", ()):
            frontier.append(leaf)
            told = before.roots.get(frontier.size, "")
            assert not told or frontier.root().hex() == told, f"other entries before {frontier.size}"


@dataclass(slots=True)
class Findings:
    """Points tried, points at which something promised was lost, and how the power went."""

    points: int = 0
    lost: int = 0
    ways: Counter[str] = field(default_factory=Counter)


def inquest(
    deeds: list[Deed], disk: Disk, place: Path, seed: str, points: int, *, honest: bool, first: int = 0
) -> Findings:
    """Cut the power at random points of a recording, and look into each; an honest writer has no excuse."""
    dice, findings = Random(seed), Findings()  # noqa: S311 - the same dice for the same seed
    first = max(first, next(n for n, deed in enumerate(deeds) if Path(deed.path).is_relative_to(disk.root)))
    chosen = sorted(dice.randint(first + 1, len(deeds)) for _ in range(points))
    for point in cuts(disk, deeds, chosen):
        folder = place / f"{disk.root.name}.{point}.{findings.points}"
        way = disk.cut(dice, folder)
        findings.points += 1
        findings.ways[way] += 1
        if not _survived(folder, promised(deeds, point), honest=honest):
            findings.lost += 1
        rmtree(folder)
    return findings


def _survived(folder: Path, before: Promised, *, honest: bool) -> bool:
    try:
        kept = holds(folder, before)
    except LogDamaged as damage:
        if honest or not any(words in damage.wrong for words in KNOWN_LOSS):
            raise AssertionError(f"{folder}: {damage}") from damage
        return False
    except Exception as error:
        if not honest and str(error).startswith(STATE_LOST):  # a promise too, and the control breaks it
            return False
        raise AssertionError(f"{folder}: {error}") from error
    assert kept or not honest, f"{folder}: lost what was promised"
    return kept
