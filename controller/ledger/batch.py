"""From drafts to rows: what one commit will write. Rule: stores nothing; a refusal changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from controller.errors import EntryRefused
from controller.ledger.canonical import encode
from controller.ledger.disclosures import PERSONAL, Disclosure, conceal, subjects
from controller.ledger.entry import check
from controller.ledger.picture_keys import SEALS, sealing
from controller.ledger.tree import Frontier, Node, leaf_hash
from controller.ledger.walk import Row


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows for table `entry` and what goes with them.

    `frontier` and `last_at` are those after them; `nodes` those completed on the way; `disclosures` what
    their personal digests stand for; `erases` the people whose disclosures and picture keys go with this
    commit; `seals` those who have a picture key after it, with the first entry that says so.
    """

    frontier: Frontier
    last_at: int
    rows: list[Row] = field(default_factory=list)
    disclosures: list[Disclosure] = field(default_factory=list)
    erases: list[str] = field(default_factory=list)
    seals: dict[str, int] = field(default_factory=dict)

    @property
    def nodes(self) -> list[Node]:
        """Nodes that these rows complete."""
        return self.frontier.nodes or []

    @property
    def body_bytes(self) -> int:
        """Bytes of all bodies together."""
        return sum(len(row[6]) for row in self.rows)


def compose(drafts: Sequence[Mapping[str, object]], before: Frontier, last_at: int) -> Batch:
    """Number, check and hash drafts that follow the tree `before`; that one is left as it is.

    Raises EntryRefused for a draft with an `n`, an unlawful entry, or an `at` before `last_at`.
    """
    frontier = before.copy()
    frontier.nodes = []
    batch = Batch(frontier, last_at)
    for draft in drafts:
        row = _row(draft, batch)
        frontier.append(row[5])
        batch.rows.append(row)
        last_at = row[1]
    return replace(batch, last_at=last_at)


def _row(draft: Mapping[str, object], batch: Batch) -> Row:
    if "n" in draft:
        raise EntryRefused(f"a draft has `n` {draft['n']!r}: the log alone counts")
    n, last_at = batch.frontier.size, batch.rows[-1][1] if batch.rows else batch.last_at
    entry = {**draft, "n": n}
    if PERSONAL in draft:
        entry[PERSONAL], disclosures = conceal(draft[PERSONAL], n)
        batch.disclosures.extend(disclosures)
    if "erases" in draft:
        erased = subjects(draft["erases"])
        batch.erases.extend(erased)
        batch.disclosures[:] = (one for one in batch.disclosures if one.subject not in erased)
        for subject in erased:
            batch.seals.pop(subject, None)
    if SEALS in draft:
        batch.seals.update({one: n for one in sealing(draft[SEALS]) if one not in batch.seals})
    time, body = check(entry), encode(entry)
    at, kind, place = entry["at"], entry["kind"], entry.get("place")
    assert isinstance(at, int)
    assert isinstance(kind, str)
    assert place is None or isinstance(place, str)
    if at < last_at:
        raise EntryRefused(f"a draft has `at` {at}, the entry before it {last_at}: room time never decreases")
    return n, at, time, str(kind), place if place is None else str(place), leaf_hash(body), body
