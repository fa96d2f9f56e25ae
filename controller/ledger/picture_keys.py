"""Keys of pictures: one for each subject, in an erasable table beside the log. Rule: secrets stay in here.

    in a draft     "seals": ["li", "wang"]      whose keys are all needed to see the pictures of this Entry
    picture_key    subject, n (the Entry that made it), recipient (age1…), identity (AGE-SECRET-KEY-1…)

The key of a subject that has none is made in the commit of the Entry that first names it, so that there
is never one without the other, and goes with the Entry that `erases` the subject: what was sealed with it
stays sealed for ever (behaviour 60). A later Entry that names an erased subject again gets a fresh key,
under its own counter; that one opens nothing older.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyrage
from pyrage import x25519

from controller.errors import EntryRefused, LogDamaged
from controller.ledger.picture_key_check import require_spoken_of
from controller.ledger.walk import Fetch, decoded

SEALS = "seals"
TABLE = (
    "CREATE TABLE {} (subject TEXT PRIMARY KEY, n INTEGER NOT NULL, recipient TEXT NOT NULL,"
    " identity TEXT NOT NULL) STRICT, WITHOUT ROWID"
)
_MOST = 32
"""Subjects of one Entry: each is a layer around the key of every picture."""

_OF_THESE = "subject IN (SELECT value FROM json_each(?))"
_ALL = (
    "SELECT subject, picture_key.n, recipient, identity, body FROM picture_key "
    "LEFT JOIN entry ON entry.n = picture_key.n WHERE picture_key.n < ? AND subject > ? "
    "ORDER BY subject LIMIT 500"
)


def sealing(seals: object) -> list[str]:
    """Whom a draft's `seals` names; raises EntryRefused unless it is a list of at most 32 names."""
    if not isinstance(seals, (list, tuple)) or not all(isinstance(one, str) and one for one in seals):
        raise EntryRefused(f"an entry's `{SEALS}` is {seals!r}, it must be a list of names")
    if len(seals) > _MOST:
        raise EntryRefused(f"an entry's `{SEALS}` has {len(seals)} names, at most {_MOST} can be")
    return [str(one) for one in seals]


def make(connection: Any, seals: Mapping[str, int]) -> None:
    """Make the keys that are missing, inside the caller's transaction; `seals`: subjects with counters."""
    asked = f"SELECT subject FROM picture_key WHERE {_OF_THESE}"  # noqa: S608
    there = {subject for (subject,) in connection.execute(asked, (_listed(seals),))}
    rows = []
    for subject in seals.keys() - there:
        identity = x25519.Identity.generate()
        rows.append((subject, seals[subject], str(identity.to_public()), str(identity)))
    connection.executemany("INSERT INTO picture_key VALUES (?, ?, ?, ?)", rows)


def recipients(fetch: Fetch, subjects: Sequence[str]) -> list[str]:
    """The public keys of all these subjects, in their order; [] when one of them has none."""
    return _of_all(fetch, "recipient", subjects)


def identities(fetch: Fetch, subjects: Sequence[str]) -> list[str]:
    """The secret keys of all these subjects, in their order; [] when one of them was erased."""
    if not _has_table(fetch):
        return []
    return _of_all(fetch, "identity", subjects)


def made_by(fetch: Fetch, subjects: Sequence[str]) -> dict[str, int]:
    """The Entry that made the key of each of these subjects that has one; a later one opens nothing older."""
    if not _has_table(fetch):
        return {}
    return dict(fetch(f"SELECT subject, n FROM picture_key WHERE {_OF_THESE}", (_listed(subjects),)))  # noqa: S608


def require_own(fetch: Fetch, file: Path, size: int) -> None:
    """Raise LogDamaged for a key that does not fit itself, or that no entry before `size` has made.

    So for one that is gone though no entry erased it, and for one that is there though an entry did.
    """
    if _has_table(fetch):
        _require_made(fetch, file, size)
    require_spoken_of(fetch, file)


def _require_made(fetch: Fetch, file: Path, size: int) -> None:
    last = ""
    while page := fetch(_ALL, (size, last)):
        for last, n, recipient, identity, body in page:
            if body is None or (body and last not in _names(decoded(file, n, body))):
                wrong = f"a key of pictures names entry {n}, which did not make it"
                raise LogDamaged(file, wrong, entry=n)
            if not _fits(recipient, identity):
                raise LogDamaged(file, f"the two halves of the key that entry {n} made do not fit", entry=n)


def _has_table(fetch: Fetch) -> bool:
    """Not where an older version wrote the log, and nobody has opened it for writing since."""
    return bool(fetch("SELECT 1 FROM sqlite_master WHERE name = 'picture_key'", ()))


def _names(entry: Mapping[str, object]) -> Iterable[object]:
    named = entry.get(SEALS)
    return named if isinstance(named, list) else ()


def _fits(recipient: str, identity: str) -> bool:
    try:
        return str(x25519.Identity.from_str(identity).to_public()) == recipient
    except pyrage.IdentityError:
        return False


def _of_all(fetch: Fetch, column: str, subjects: Sequence[str]) -> list[str]:
    rows = fetch(f"SELECT subject, {column} FROM picture_key WHERE {_OF_THESE}", (_listed(subjects),))  # noqa: S608
    found = dict(rows)
    return [found[one] for one in subjects] if all(one in found for one in subjects) else []


def _listed(subjects: Iterable[str]) -> str:
    return json.dumps(list(subjects))
