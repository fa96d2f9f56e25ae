"""What was pruned is found no more, with an index from before, with one made anew, and without one."""

from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from controller.ledger.custody_log import CustodyLog
from controller.ledger.pruning import Term
from controller.ledger.search import pruned
from controller.ledger.search.finder import Finder
from controller.ledger.search.indexer import Indexer
from controller.ledger.search.question import Question
from controller.ledger.sqlite import sqlite3

Make = Callable[..., dict[str, object]]
SIZE, KEPT = 900, 600
DAY = date(2026, 3, 2)


@pytest.fixture
def data(file: Path, draft: Make) -> Path:
    """An indexed log: every entry a word of its own and a name, an enrolment every hundred."""
    with CustodyLog.open(file) as log:
        log.append([make(draft, n) for n in range(SIZE)])
        log.save_state(SIZE - 1, b"room")
        index(file)
        rule = [Term("log", frozenset({"granted"}), KEPT * 1000)]
        while planned := log.next_round(rule, SIZE):
            while not log.prune(planned):
                pass
    return file


def make(draft: Make, n: int) -> dict[str, object]:
    kind = "enrolled" if n % 100 == 0 else "granted"
    return draft(n * 1000, kind=kind, note=f"word{n:03}", personal={f"v{n}": {"name": f"name{n:03}"}})


def index(file: Path) -> None:
    with Indexer(file) as indexer:
        while indexer.step():
            pass


def octets(file: Path) -> bytes:
    return b"".join(one.read_bytes() for one in file.parent.glob("search.db*"))


def words(file: Path) -> set[bytes]:
    """The words of the full text, as far as the index knows any."""
    with closing(sqlite3.connect(file.with_name("search.db"))) as connection:
        connection.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, token, row)")
        return {term.encode() for (term,) in connection.execute("SELECT term FROM vocabulary")}


@pytest.fixture(params=["from before", "that followed", "made anew", "that is not there"])
def searched(request: pytest.FixtureRequest, data: Path) -> Path:
    """The pruned log with an index of each sort."""
    if request.param in {"made anew", "that is not there"}:
        data.with_name("search.db").unlink()
    if request.param in {"that followed", "made anew"}:
        index(data)
    return data


def test_every_question_is_answered_by_what_is_left(searched: Path) -> None:
    left = [n for n in reversed(range(SIZE)) if n >= KEPT or n % 100 == 0]
    with Finder(searched) as finder:
        for question in (
            Question(who="li"),
            Question(since=0),
            Question(words="main"),
            Question(since=0, who="li"),
        ):
            assert [entry["n"] for entry in finder.find(question, limit=SIZE).entries] == left
        for n in (7, 300, 650):
            for words in (f"word{n:03}", f"name{n:03}"):
                found = [entry["n"] for entry in finder.find(Question(words=words)).entries]
                assert found == ([] if n == 7 else [n])
        every = finder.find(Question(), limit=SIZE).entries
        assert [entry["n"] for entry in every] == list(reversed(range(SIZE)))
        assert every[-8] == {"n": 7, "pruned": True}


def test_counts_leave_no_entry_out(searched: Path) -> None:
    with Finder(searched) as finder:
        counts = {one.kind: one.entries for one in finder.counts(DAY, DAY)}
    assert sum(counts.values()) == SIZE
    assert counts["enrolled"] == SIZE // 100


def test_what_pruned_entries_disclosed_goes_from_the_index_at_once(data: Path) -> None:
    assert b"name007" in octets(data)
    index(data)
    left = octets(data)
    for n in range(1, SIZE):
        assert (f"name{n:03}".encode() in left) == (n >= KEPT or n % 100 == 0), n


def test_an_index_of_much_that_is_pruned_is_made_anew(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruned, "LEAST", 500)
    assert b"word017" in words(data)
    index(data)
    assert b"word017" not in words(data)
    with Finder(data) as finder:
        assert finder.find(Question()).indexed == SIZE


def test_an_index_is_not_made_anew_for_a_little(data: Path) -> None:
    index(data)
    assert b"word017" in words(data)
