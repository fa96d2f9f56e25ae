"""Whether the keys of pictures are those that entries speak of. Rule: reads, and raises or is silent.

    gone        entries seal pictures for somebody whom no entry erased since, and the key is not there:
                whoever took it away made the pictures unreadable, which their digests do not show
    put back    an entry erased somebody, and a key from before it is there: out of an old copy, say

A restoration erases again whom its backup did not know as erased; its mark and its Entry name them.
"""

from collections.abc import Iterator
from pathlib import Path

from controller.errors import LogDamaged
from controller.ledger import restored
from controller.ledger.walk import Fetch, decoded

AGAIN = "erased again: "

_LONGEST_GAP = 2_000
"""Characters of what a restoration says of itself; one as long as that may have been cut short."""
_MOST, _RANGE = 200, 10_000
_SPOKEN = (
    "SELECT n, kind, body FROM entry WHERE n >= ? AND n < ? AND body != x'' "
    "AND (kind = 'restored' OR instr(body, ?) OR instr(body, ?)) ORDER BY n LIMIT ?"
)
_NEEDLES = (b'"seals":[', b'"erases":[')
_KEYS = "SELECT subject, n FROM picture_key"


class _Spoken:
    """What entries say: whose key is needed since which, and whose was erased by which."""

    def __init__(self, fetch: Fetch, file: Path) -> None:
        self._fetch, self._file = fetch, file
        self.needed: dict[str, int] = {}
        self.erased: dict[str, int] = {}
        self.end = 0

    def hear(self) -> None:
        """Read on, to the newest entry there is by now."""
        ((newest,),) = self._fetch("SELECT max(n) FROM entry", ())
        end = -1 if newest is None else int(newest)
        for n, kind, entry in self._entries(self.end, end + 1):
            if kind == restored.KIND:
                self._forget(str(entry.get("gap", "")))
            self._take(n, entry)
        self.end = end + 1
        if mark := restored.load(self._file.parent):  # its Entry may not be written yet
            self._forget(mark.gap if mark.old_size >= self.end else "")

    def _entries(self, begin: int, end: int) -> Iterator[tuple[int, str, dict[str, object]]]:
        while begin < end:
            until = min(begin + _RANGE, end)
            rows = self._fetch(_SPOKEN, (begin, until, *_NEEDLES, _MOST))
            yield from ((n, kind, decoded(self._file, n, body)) for n, kind, body in rows)
            begin = rows[-1][0] + 1 if len(rows) == _MOST else until

    def _take(self, n: int, entry: dict[str, object]) -> None:
        """An Entry that does both erases first (batch.py)."""
        for subject in _named(entry.get("erases")):
            self.needed.pop(subject, None)
            self.erased[subject] = n
        for subject in _named(entry.get("seals")):
            self.needed.setdefault(subject, n)

    def _forget(self, gap: str) -> None:
        """A restoration took these keys away; one that names too many to be told may mean anybody."""
        if len(gap) >= _LONGEST_GAP:
            self.needed.clear()
        for subject in gap.partition(AGAIN)[2].split(", "):
            self.needed.pop(subject, None)


def require_spoken_of(fetch: Fetch, file: Path) -> None:
    """Raise LogDamaged for a key that is gone or was put back; a controller may write meanwhile."""
    spoken = _Spoken(fetch, file)
    spoken.hear()
    erased, end = dict(spoken.erased), spoken.end
    keys = _keys(fetch)
    for subject, n in erased.items():
        if keys.get(subject, n) < n:
            wrong = f"entry {n} erased {subject}, whose key of pictures from before is there again"
            raise LogDamaged(file, wrong, entry=n)
    spoken.hear()  # whom a controller has erased since
    for subject, n in spoken.needed.items():
        if n < end and keys.get(subject, end) > n:
            wrong = f"the key of {subject} for the pictures of entry {n} is gone, and no entry says why"
            raise LogDamaged(file, wrong, entry=n)


def _keys(fetch: Fetch) -> dict[str, int]:
    """The Entry that made each key; none where an older version wrote the log."""
    there = fetch("SELECT 1 FROM sqlite_master WHERE name = 'picture_key'", ())
    return dict(fetch(_KEYS, ())) if there else {}


def _named(value: object) -> Iterator[str]:
    return (one for one in value if isinstance(one, str)) if isinstance(value, list) else iter(())
