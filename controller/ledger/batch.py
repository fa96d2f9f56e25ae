"""From drafts to rows: what one commit will write. Rule: stores nothing; a refusal changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from controller.errors import EntryRefused
from controller.ledger.canonical import encode
from controller.ledger.entry import check
from controller.ledger.tree import Frontier, leaf_hash
from controller.ledger.walk import Row


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows for table `entry`, the frontier after them, the last `at`, and the bytes of all bodies."""

    rows: list[Row]
    frontier: Frontier
    last_at: int
    body_bytes: int


def compose(drafts: Sequence[Mapping[str, object]], before: Frontier, last_at: int) -> Batch:
    """Number, check and hash drafts that follow the tree `before`; that one is left as it is.

    Raises EntryRefused for a draft with an `n`, an unlawful entry, or an `at` before `last_at`.
    """
    frontier, rows = before.copy(), []
    for draft in drafts:
        row = _row(draft, frontier.size, last_at)
        frontier.append(row[5])
        last_at = row[1]
        rows.append(row)
    return Batch(rows, frontier, last_at, sum(len(row[6]) for row in rows))


def _row(draft: Mapping[str, object], n: int, last_at: int) -> Row:
    if "n" in draft:
        raise EntryRefused(f"a draft has `n` {draft['n']!r}: the log alone counts")
    entry = {**draft, "n": n}
    time, body = check(entry), encode(entry)
    at, kind, place = entry["at"], entry["kind"], entry.get("place")
    assert isinstance(at, int)
    assert isinstance(kind, str)
    assert place is None or isinstance(place, str)
    if at < last_at:
        raise EntryRefused(f"a draft has `at` {at}, the entry before it {last_at}: room time never decreases")
    return n, at, time, str(kind), place if place is None else str(place), leaf_hash(body), body
