"""Bodies of old entries go; hashes, heads, proofs and whatever stays longer do not. Behaviour 63."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from controller.errors import LogDamaged
from controller.ledger import pruning
from controller.ledger.canonical import encode
from controller.ledger.custody_log import CustodyLog
from controller.ledger.proofs import check_consistency, check_inclusion, consistency_proof, inclusion_proof
from controller.ledger.pruning import Term
from controller.ledger.reading import LogReader
from controller.ledger.sqlite import sqlite3
from controller.ledger.tree import leaf_hash
from controller.ledger.verify import verify

Make = Callable[..., dict[str, object]]
KINDS = ("granted", "lone", "enrolled")
SIZE = 1_200


@pytest.fixture
def log(file: Path, draft: Make) -> CustodyLog:
    """A log whose entries are of three kinds in turn, a second apart; a saved state is behind them."""
    log = CustodyLog.open(file)
    for begin in range(0, SIZE, 300):
        log.append([make(draft, n) for n in range(begin, begin + 300)])
    log.append([draft(SIZE * 1000, kind="state_kept")])
    log.save_state(SIZE, b"room")
    return log


def make(draft: Make, n: int) -> dict[str, object]:
    return draft(n * 1000, kind=KINDS[n % 3], note=f"secret-{n}", personal={f"v{n}": {"name": f"Anna-{n}"}})


def terms(granted: int, lone: int) -> list[Term]:
    """Entries of the one kind go before this counter, those of the other before that."""
    return [
        Term("log", frozenset({"granted"}), granted * 1000),
        Term("alarm", frozenset({"lone"}), lone * 1000),
    ]


def prune(log: CustodyLog, granted: int, lone: int) -> int:
    """Prune as long as there is something; how many bodies the rounds announced."""
    bodies = 0
    while planned := log.next_round(terms(granted, lone), log.size):
        bodies += planned.bodies
        while not log.prune(planned):
            pass
    return bodies


def body_of(log: CustodyLog, n: int) -> bytes:
    with closing(sqlite3.connect(log.file)) as connection:
        ((body,),) = connection.execute("SELECT body FROM entry WHERE n = ?", (n,)).fetchall()
    assert isinstance(body, bytes)
    return body


def test_bodies_of_each_kind_go_at_their_own_age_and_the_others_stay(log: CustodyLog) -> None:
    assert prune(log, 900, 300) == 300 + 100
    log.close()
    with LogReader(log.file) as reader:
        entries = list(reader.entries(before=SIZE))
        assert reader.fetch("SELECT value FROM mark WHERE name = 'kept_from'", ()) == [(900,)]
    for n, entry in enumerate(entries):
        gone = n < (900, 300, 0)[n % 3]
        assert (entry == {"n": n, "pruned": True}) == gone, n
        assert gone or (entry["note"], entry["personal"]) == (f"secret-{n}", {f"v{n}": {"name": f"Anna-{n}"}})


def test_a_pruned_log_has_the_same_head_and_verifies(log: CustodyLog, draft: Make) -> None:
    head = log.head
    log.append([draft(SIZE * 1000, kind="pruned", kept_from=1200, bodies=700)])
    prune(log, 1200, 900)
    log.append([draft(SIZE * 1000)])
    log.close()
    report = verify(log.file, trusted=[log.vkey], jobs=1)
    assert (report.entries, report.signed) == (head.size + 2, report.heads)
    with CustodyLog.open(log.file) as again:
        assert again.size == head.size + 2


def test_what_was_proven_before_is_still_proven_by_the_pruned_log(log: CustodyLog, draft: Make) -> None:
    old, body = log.head, body_of(log, 6)
    receipt = inclusion_proof(6, old.size, log.subtree)
    prune(log, 1200, 1200)
    log.append([make(draft, SIZE)])
    check_inclusion(leaf_hash(body), 6, old.size, old.root, receipt)
    assert inclusion_proof(6, old.size, log.subtree) == receipt
    proof = consistency_proof(old.size, log.size, log.subtree)
    check_consistency(old.size, log.size, old.root, log.root, proof)
    log.close()


def test_nothing_of_a_pruned_body_is_in_any_file(log: CustodyLog) -> None:
    prune(log, 1200, 1200)
    log.upkeep()
    octets = b"".join(one.read_bytes() for one in log.file.parent.iterdir())
    log.close()
    for n in range(SIZE):
        assert (f'secret-{n}"'.encode() in octets) == (n % 3 == 2), n
    with LogReader(log.file) as reader:
        assert reader.fetch("SELECT count(*) FROM disclosure", ()) == [(SIZE // 3,)]


def test_a_portion_is_small_and_what_was_begun_goes_on_after_a_restart(log: CustodyLog, draft: Make) -> None:
    log.append([draft(SIZE * 1000, kind="pruned", kept_from=1200, bodies=400)])
    planned = log.next_round(terms(1200, 0), log.size)
    assert planned is not None
    assert not log.prune(planned)
    log.close()
    with LogReader(log.file) as reader:
        ((gone,),) = reader.fetch("SELECT count(*) FROM entry WHERE body = x''", ())
        assert 0 < gone <= pruning.PORTION
    assert verify(log.file).entries == SIZE + 2
    with CustodyLog.open(log.file) as again:
        assert prune(again, 1200, 0) == SIZE // 3 - gone


def test_without_a_saved_state_behind_it_nothing_is_pruned(file: Path, draft: Make) -> None:
    with CustodyLog.open(file) as log:
        log.append([make(draft, n) for n in range(30)])
        planned = log.next_round(terms(30, 30), log.size)
        assert planned is not None
        with pytest.raises(ValueError, match="no saved state"):
            log.prune(planned)
        assert planned.bodies == 20
    assert verify(file).entries == 30


def test_nothing_from_the_limit_on_is_planned(log: CustodyLog) -> None:
    planned = log.next_round(terms(1200, 1200), 300)
    assert planned is not None
    assert (planned.kept_from, planned.bodies) == (300, 200)
    log.close()


def test_pruning_hides_no_entry_that_was_changed(log: CustodyLog, draft: Make) -> None:
    forged = encode({**draft(6_000, kind="granted"), "n": 6})
    with closing(sqlite3.connect(log.file)) as connection, connection:
        connection.execute("UPDATE entry SET body = ? WHERE n = 6", (forged,))
    prune(log, 1200, 1200)
    assert body_of(log, 6) == forged
    log.close()
    with pytest.raises(LogDamaged, match="entry 6"):
        verify(log.file)


def test_a_round_without_bodies_moves_the_marks_alone(log: CustodyLog) -> None:
    none = [Term("odd", frozenset({"nothing"}), SIZE * 1000)]
    planned = log.next_round(none, log.size)
    assert planned is not None
    assert (planned.bodies, planned.kept_from) == (0, 0)
    while not log.prune(planned):
        pass
    assert log.next_round(none, log.size) is None
    log.close()
