"""Every picture that entries name, held against its file in the data folder. Rule 14: raises or reports.

The entries are verified before (verify.py), and what they name is looked at in their order:

  whole     the file has the size and the SHA-256 that its entry says
  altered   it has not, or is no plain file; where it holds what another entry names, that is told
  missing   there is no file, and no entry says that it was deleted by the keeping rules

What is missing from before a restoration was lost with the box, for a backup holds no pictures: it is
counted, and altered ones still are faults. A file that no entry names is counted too: a crash between a
picture and its entry leaves one, and so does pruning. What a controller writes meanwhile is no fault.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from stat import S_ISREG

from controller.errors import LogDamaged, LogUnreadable
from controller.ledger import restored
from controller.ledger.picture_index import Named, PictureIndex
from controller.ledger.pictures import FOLDER, is_digest
from controller.ledger.reading import LogReader
from controller.ledger.verify import Progress
from controller.ledger.walk import decoded

LARGEST = 67_108_864
"""Bytes of a file that has another size than its entry says, up to which it is read: it may be another's."""

_TOLD = 10
_TOGETHER = 64
_RESTORED = "SELECT n, body FROM entry WHERE kind = ? AND body != x'' AND n < ?"
_REMEDY = (
    "Keep the folder as evidence; an export made before may hold the true ones; the log alone is verified "
    "with --no-pictures"
)
_NOT_THERE = b""


@dataclass(frozen=True, slots=True)
class PictureReport:
    """Pictures `whole`, `deleted` by the keeping rules, `lost` before a restoration; files `unnamed`."""

    whole: int
    deleted: int
    lost: int
    unnamed: int

    @property
    def words(self) -> str:
        """For people; "" where there is nothing to say."""
        if not any((self.whole, self.deleted, self.lost, self.unnamed)):
            return ""
        words = [f"{self.whole:,} pictures verified, {self.deleted:,} deleted by the keeping rules"]
        if self.lost:
            words.append(f"{self.lost:,} lost before a restoration")
        if self.unnamed:
            words.append(f"{self.unnamed:,} files there that no entry names")
        return "; " + ", ".join(words)


@dataclass(frozen=True, slots=True, order=True)
class _Fault:
    n: int
    digest: str
    camera: str
    what: str

    def __str__(self) -> str:
        of = f" of camera {self.camera}" if self.camera else ""
        return f"entry {self.n}: the picture {self.digest[:16]}…{of} {self.what}"


def verify_pictures(data: Path, size: int, progress: Progress, jobs: int = 1) -> PictureReport:
    """Hold the pictures that the first `size` entries of a verified log name against their files.

    `jobs` threads share the work. Raises LogDamaged that tells the first ten that are wrong, LogUnreadable
    where this user may not read them.
    """
    with LogReader(data / "custody.db") as reader, PictureIndex() as index, _opened(data) as folder:
        return _Check(reader, index, folder, data / FOLDER).run(size, progress, jobs)


class _Check:
    def __init__(self, reader: LogReader, index: PictureIndex, folder: int | None, path: Path) -> None:
        self._reader, self._index, self._folder, self._path = reader, index, folder, path
        self._altered: list[_Fault] = []
        self._wrong = self._whole = 0

    def run(self, size: int, progress: Progress, jobs: int) -> PictureReport:
        file, index = self._reader.file, self._index
        index.read(self._reader.fetch, file, 0, size)
        self._look_at_all(progress, jobs)
        others = self._list()
        since = self._restored_before(size)
        index.read(self._reader.fetch, file, size, self._reader.count())  # what was written meanwhile
        missing = index.lost(since, size)
        if self._wrong + missing:
            raise self._damage(since, missing)
        return PictureReport(self._whole, index.gone(), index.lost(0, since), index.strays() + others)

    def _look_at_all(self, progress: Progress, jobs: int) -> None:
        done, of = 0, self._index.count()
        with ThreadPoolExecutor(jobs) as pool:
            for page in self._index.pages(_TOGETHER):
                for one, actual in zip(page, pool.map(self._actual, page), strict=True):
                    self._judge(one, actual)
                done += len(page)
                progress(done, of)

    def _actual(self, one: Named) -> bytes | None:
        """The SHA-256 of the file under a picture's name; b"" where there is none, None for no such file."""
        if self._folder is None:
            return _NOT_THERE
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            descriptor = os.open(one.digest.hex(), flags, dir_fd=self._folder)
        except FileNotFoundError:
            return _NOT_THERE
        except PermissionError:
            raise _unreadable(self._path / one.digest.hex()) from None
        except OSError:  # a link, or a thing that nobody reads
            return None
        try:
            return _digest(descriptor, one.size)
        except OSError:  # a sector that cannot be read
            return None
        finally:
            os.close(descriptor)

    def _judge(self, one: Named, actual: bytes | None) -> None:
        if actual == one.digest:
            self._whole += 1
        elif actual == _NOT_THERE:
            self._index.missed(one)
        else:
            self._wrong += 1
            if len(self._altered) < _TOLD:
                self._altered.append(_Fault(one.n, one.digest.hex(), one.camera, self._what(actual)))

    def _what(self, actual: bytes | None) -> str:
        namer = self._index.namer(actual) if actual else None
        if namer is None:
            return "is altered"
        n, camera = namer
        return f"was exchanged: its file holds the one of entry {n}" + (
            f", camera {camera}" if camera else ""
        )

    def _list(self) -> int:
        """Keep in mind which files are in the folder; how many have a name that no picture has."""
        others = 0
        if self._folder is not None:
            with os.scandir(self._folder) as names:
                for one in names:
                    if is_digest(one.name):
                        self._index.seen(bytes.fromhex(one.name))
                    else:
                        others += 1
        return others

    def _restored_before(self, size: int) -> int:
        """The counter at which the log was restored for the last time, 0 where it never was."""
        mark = restored.load(self._reader.file.parent)
        sizes = [mark.old_size] if mark else []
        for n, body in self._reader.fetch(_RESTORED, (restored.KIND, size)):
            told = decoded(self._reader.file, n, body).get("old_size")
            sizes += [told] if type(told) is int else []
        return min(max(sizes, default=0), size)

    def _damage(self, since: int, missing: int) -> LogDamaged:
        lost = (
            _Fault(n, digest.hex(), camera, "is missing, and no entry says that it was deleted")
            for n, digest, camera in self._index.first_lost(since, _TOLD)
        )
        faults = sorted([*self._altered, *lost])[:_TOLD]
        more = self._wrong + missing - len(faults)
        wrong = "; ".join(map(str, faults)) + (f"; and {more:,} more" if more else "")
        return LogDamaged(self._path / faults[0].digest, wrong, _REMEDY, entry=faults[0].n)


def _digest(descriptor: int, size: int) -> bytes | None:
    """The SHA-256 of an open file; None for what is no plain file, or too large to be any picture."""
    status = os.fstat(descriptor)
    if not S_ISREG(status.st_mode) or (status.st_size != size and status.st_size > LARGEST):
        return None
    with os.fdopen(descriptor, "rb", closefd=False) as opened:
        return file_digest(opened, "sha256").digest()


@contextmanager
def _opened(data: Path) -> Iterator[int | None]:
    """The folder of pictures, None where there is none; a link in its place is damage."""
    path = data / FOLDER
    try:
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        yield None
        return
    except PermissionError:
        raise _unreadable(path) from None
    except OSError as error:
        raise LogDamaged(path, f"this is no folder of pictures ({error.strerror})", _REMEDY) from None
    try:
        yield folder
    finally:
        os.close(folder)


def _unreadable(path: Path) -> LogUnreadable:
    return LogUnreadable(f"{path}: this user cannot read it; the log alone is verified with --no-pictures")
