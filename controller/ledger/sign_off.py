r"""What a chief signs off: which Entries, one digest over their leaf hashes, and which are the signer's own.

    SHA-256 over  "ironroom sign-off 1\n"  and for each Entry, in rising order,  "17 9f86d0…\n"
                  (its counter in decimal, a space, its RFC 6962 leaf hash in hexadecimal)

It stands in the Entry `signed_off` and on the printed sheet. Leaf hashes outlive bodies and personal data, so
whoever holds the log can make it again from the `ranges` of that Entry. Rule: reads only, decides nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from controller.errors import UserMistake
from controller.ledger.reading import LogReader
from controller.ledger.walk import PAGE, decoded

PREFIX = b"ironroom sign-off 1\n"
MOST_ENTRIES = 20_000
"""Entries of one sign-off: nobody has seen more of them on a screen."""
MOST_RANGES = 1_000

Range = tuple[int, int]


class NotASetError(UserMistake):
    """These are no Entries that can be signed off together."""


@dataclass(frozen=True, slots=True)
class SignOffSet:
    """Entries that are to be signed off: their ranges of counters, first and last included, and the digest.

    `own` are those that name the signer; `gone` those whose body was pruned, which nobody can have seen.
    """

    ranges: tuple[Range, ...]
    digest: str
    own: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """How many Entries it is."""
        return sum(last - first + 1 for first, last in self.ranges)


def ranges_of(numbers: Iterable[int]) -> tuple[Range, ...]:
    """The counters of Entries as rising ranges that do not touch."""
    ranges: list[Range] = []
    for n in sorted({*numbers}):
        if ranges and ranges[-1][1] == n - 1:
            ranges[-1] = (ranges[-1][0], n)
        else:
            ranges.append((n, n))
    return tuple(ranges)


def covered(reader: LogReader, ranges: Sequence[Range], signer: str) -> SignOffSet:
    """What these ranges cover, as the log has it; raises NotASetError, and LogDamaged for the log."""
    _check(ranges, reader.count())
    digest, own, gone = sha256(PREFIX), [], []
    for n, leaf, body in _rows(reader, ranges):
        digest.update(f"{n} {leaf.hex()}\n".encode("ascii"))
        if not body:
            gone.append(n)
        elif signer in _named(decoded(reader.file, n, body)):
            own.append(n)
    return SignOffSet(tuple(ranges), digest.hexdigest(), tuple(own), tuple(gone))


def signed_before(reader: LogReader) -> tuple[Range, ...]:
    """Everything that was signed off already, by anybody."""
    signed = (one for entry in reader.entries(kind="signed_off") for one in _ranges_in(entry))
    return merged(signed)


def exceptions_in(reader: LogReader, ranges: Sequence[Range]) -> tuple[int, ...]:
    """Entries of these ranges that somebody called an exception, in rising order."""
    first, last = ranges[0][0], ranges[-1][1]
    noted = {
        entry.get("of")
        for entry in reader.entries(after=first, kind="noted", sealed=True)
        if entry["exception"]
    }
    found = sorted(n for n in noted if isinstance(n, int) and first <= n <= last)
    return tuple(n for n in found if any(low <= n <= high for low, high in ranges))


def merged(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """Ranges in rising order, those that touch or overlap made one."""
    whole: list[Range] = []
    for first, last in sorted(ranges):
        if whole and first <= whole[-1][1] + 1:
            whole[-1] = (whole[-1][0], max(last, whole[-1][1]))
        else:
            whole.append((first, last))
    return tuple(whole)


def _check(ranges: Sequence[Range], size: int) -> None:
    if not 0 < len(ranges) <= MOST_RANGES:
        raise NotASetError(f"{len(ranges)} ranges of entries; sign off from 1 to {MOST_RANGES} at a time")
    before = -2
    for first, last in ranges:
        if not before + 1 < first <= last:
            raise NotASetError(f"entries {first} to {last}: ranges must rise and must not touch each other")
        if last >= size:
            raise NotASetError(f"entry {last} is not there: the log ends with entry {size - 1}")
        before = last
    if (count := sum(last - first + 1 for first, last in ranges)) > MOST_ENTRIES:
        raise NotASetError(f"{count} entries; sign off at most {MOST_ENTRIES} at a time")


def _rows(reader: LogReader, ranges: Sequence[Range]) -> Iterator[tuple[int, bytes, bytes]]:
    for first, last in ranges:
        for start in range(first, last + 1, PAGE):
            yield from reader.fetch(
                "SELECT n, leaf, body FROM entry WHERE n >= ? AND n <= ? ORDER BY n",
                (start, min(start + PAGE - 1, last)),
            )


def _named(entry: dict[str, object]) -> set[str]:
    """Everybody an Entry is about: who is named, and whose rights or things it changes."""
    who = entry.get("who", ())
    names = {name for name in who if isinstance(name, str)} if isinstance(who, list | tuple) else set()
    person = entry.get("person")
    if isinstance(person, dict):
        person = person.get("id")
    return names | ({person} if isinstance(person, str) else set())


def _ranges_in(entry: dict[str, object]) -> Iterator[Range]:
    ranges = entry.get("ranges", ())
    for one in ranges if isinstance(ranges, list) else ():
        first, last = one
        yield first, last
