"""What a chief signs off is what the log holds: its counters, its leaf hashes, and whose Entries they are."""

from collections.abc import Callable
from hashlib import sha256

import pytest

from controller.errors import LogDamaged
from controller.ledger import sign_off
from controller.ledger.custody_log import CustodyLog
from controller.ledger.reading import LogReader
from controller.ledger.sign_off import NotASetError, covered, merged, ranges_of, signed_before
from controller.ledger.sqlite import sqlite3
from controller.ledger.tree import leaf_hash

Make = Callable[..., dict[str, object]]


@pytest.fixture
def filled(log: CustodyLog, draft: Make) -> CustodyLog:
    log.append([draft(at, who=["li"] if at % 2 else ["zhou"]) for at in range(8)])
    log.append([draft(8, kind="duress", who=["li"], sealed=True)])
    log.append([draft(9, kind="person_changed", who=["wu", "li"], person={"id": "zhou", "roles": ["chief"]})])
    return log


def test_the_digest_is_over_the_counters_and_leaf_hashes_of_exactly_these_entries(filled: CustodyLog) -> None:
    with LogReader(filled.file) as reader:
        ours = covered(reader, [(1, 2), (8, 8)], "nobody")
        rows = reader.fetch("SELECT n, body FROM entry WHERE n IN (1, 2, 8) ORDER BY n", ())
    lines = "".join(f"{n} {leaf_hash(body).hex()}\n" for n, body in rows)
    assert ours.digest == sha256(b"ironroom sign-off 1\n" + lines.encode()).hexdigest()
    assert ours.count == 3
    assert (ours.own, ours.gone) == ((), ())


def test_every_other_set_has_another_digest(filled: CustodyLog) -> None:
    sets = [[(0, 3)], [(0, 2)], [(0, 1), (3, 3)], [(1, 3)], [(0, 4)]]
    with LogReader(filled.file) as reader:
        assert len({covered(reader, one, "zhou").digest for one in sets}) == len(sets)


def test_entries_that_name_the_signer_or_change_their_rights_are_their_own(filled: CustodyLog) -> None:
    with LogReader(filled.file) as reader:
        assert covered(reader, [(0, 9)], "zhou").own == (0, 2, 4, 6, 9)
        assert covered(reader, [(0, 9)], "li").own == (1, 3, 5, 7, 8, 9)
        assert covered(reader, [(1, 1), (3, 3)], "zhou").own == ()


def test_of_a_pruned_entry_the_leaf_hash_is_there_and_nobody_can_have_seen_it(filled: CustodyLog) -> None:
    with LogReader(filled.file) as reader:
        before = covered(reader, [(0, 3)], "zhou")
    with sqlite3.connect(filled.file) as db:
        db.execute("UPDATE entry SET body = x'' WHERE n = 2")
    with LogReader(filled.file) as reader:
        after = covered(reader, [(0, 3)], "zhou")
    assert (after.digest, after.gone, after.own) == (before.digest, (2,), (0,))


def test_an_entry_whose_bytes_are_not_an_entry_is_damage(filled: CustodyLog) -> None:
    with sqlite3.connect(filled.file) as db:
        db.execute("UPDATE entry SET body = x'7b' WHERE n = 2")
    with LogReader(filled.file) as reader, pytest.raises(LogDamaged):
        covered(reader, [(0, 3)], "zhou")


@pytest.mark.parametrize(
    "ranges", [[], [(0, 10)], [(3, 2)], [(0, 1), (2, 3)], [(4, 5), (0, 1)], [(-1, 0)], [(0, 0)] * 2]
)
def test_ranges_rise_and_lie_in_the_log(filled: CustodyLog, ranges: list[tuple[int, int]]) -> None:
    with LogReader(filled.file) as reader, pytest.raises(NotASetError):
        covered(reader, ranges, "zhou")


def test_nobody_signs_more_than_anybody_can_have_seen(
    filled: CustodyLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_off, "MOST_ENTRIES", 4)
    with LogReader(filled.file) as reader:
        assert covered(reader, [(0, 1), (4, 5)], "zhou").count == 4
        with pytest.raises(NotASetError, match="at most 4"):
            covered(reader, [(0, 1), (4, 6)], "zhou")


def test_a_set_longer_than_a_page_is_read_whole(log: CustodyLog, draft: Make) -> None:
    log.append([draft(at, who=["zhou"]) for at in range(2_500)])
    with LogReader(log.file) as reader:
        assert covered(reader, [(1, 2_400)], "zhou").own == tuple(range(1, 2_401))


def test_counters_become_the_fewest_ranges() -> None:
    assert ranges_of([5, 1, 2, 2, 9, 8]) == ((1, 2), (5, 5), (8, 9))
    assert ranges_of([]) == ()


def test_what_was_signed_off_before_is_one_set_whoever_signed_it(filled: CustodyLog, draft: Make) -> None:
    for at, ranges in ((10, [[0, 2], [6, 6]]), (11, [[3, 4], [2, 2]])):
        filled.append([draft(at, kind="signed_off", who=["zhou"], ranges=ranges)])
    with LogReader(filled.file) as reader:
        assert signed_before(reader) == ((0, 4), (6, 6))
    assert merged([(5, 9), (0, 3), (1, 2)]) == ((0, 3), (5, 9))
