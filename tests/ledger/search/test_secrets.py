"""Sealed entries cannot be guessed by searching, and who was erased leaves no trace in the index."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from controller.errors import LogBusy
from controller.ledger.custody_log import CustodyLog
from controller.ledger.search import indexer as indexing
from controller.ledger.search.finder import Finder
from controller.ledger.search.indexer import Indexer
from controller.ledger.search.question import Question
from controller.ledger.sqlite import sqlite3

Make = Callable[..., dict[str, object]]
DAY = date(2026, 3, 2)

GUESSES = [
    Question(words="duress"),
    Question(words="window9"),
    Question(who="zhao"),
    Question(who="li", kinds=frozenset({"duress"})),
    Question(kinds=frozenset({"duress", "granted"}), places=frozenset({"window9"})),
    Question(places=frozenset({"window9"})),
    Question(carrier="disk-7"),
    Question(since=1_772_413_205_000, until=1_772_413_206_000),
]


@pytest.fixture
def sealed_log(log: CustodyLog, draft: Make) -> CustodyLog:
    drafts = [draft(at * 1000) for at in range(10)]
    drafts[5] |= {
        "kind": "duress",
        "sealed": True,
        "who": ["li", "zhao"],
        "place": "window9",
        "carrier": "disk-7",
    }
    log.append(drafts)
    return log


@pytest.mark.parametrize("question", GUESSES)
@pytest.mark.parametrize("edge", [1, 10])
def test_a_sealed_entry_answers_only_those_who_may_see_it(
    sealed_log: CustodyLog, question: Question, edge: int
) -> None:
    with Indexer(sealed_log.file) as indexer, Finder(sealed_log.file) as finder:
        indexer.step(edge)
        assert finder.find(question).entries == []
        assert finder.find(question).next is None
        (entry,) = finder.find(question, sealed=True).entries
        assert (entry["n"], entry["who"]) == (5, ["li", "zhao"])


@pytest.mark.parametrize("edge", [1, 10])
def test_where_nothing_is_asked_a_sealed_entry_is_only_counted(sealed_log: CustodyLog, edge: int) -> None:
    with Indexer(sealed_log.file) as indexer, Finder(sealed_log.file) as finder:
        indexer.step(edge)
        shown = finder.find(Question()).entries
        assert [entry["n"] for entry in shown] == list(range(9, -1, -1))
        assert shown[4] == {"n": 5, "sealed": True}


@pytest.mark.parametrize("edge", [1, 10])
def test_a_sealed_entry_is_not_in_the_counts(sealed_log: CustodyLog, edge: int) -> None:
    with Indexer(sealed_log.file) as indexer, Finder(sealed_log.file) as finder:
        indexer.step(edge)
        assert {count.kind: count.entries for count in finder.counts(DAY, DAY)} == {"granted": 9}
        every = finder.counts(DAY, DAY, sealed=True)
        assert {count.kind: count.entries for count in every} == {"granted": 9, "duress": 1}


def visitor(draft: Make, at: int, subject: str, name: str) -> dict[str, object]:
    return draft(at, kind="visit_started", personal={subject: {"name": name, "firm": f"{name} ltd"}})


def bytes_beside(log: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(log.parent.glob("search.db*")))


def traces(log: Path) -> list[str]:
    kept = bytes_beside(log)
    asked = ("heliodor", "欧阳", "-ouyang", "ouyang", "subject-4711", "qvw")
    return [word for word in asked if word.encode() in kept]


@pytest.mark.parametrize("others", [0, 400])
def test_a_subject_that_is_forgotten_leaves_no_byte_in_the_index(
    log: CustodyLog, draft: Make, others: int
) -> None:
    drafts = [visitor(draft, at, f"v{at}", f"Guest{at * 7919 % 1000:03} 王明") for at in range(others)]
    for at in range(0, others, 9):
        drafts[at] = visitor(draft, at, "subject-4711", f"heliodor 欧阳{chr(0x4E00 + at)} qvw{at}")
    log.append([*drafts, visitor(draft, others, "subject-4711", "heliodor 欧阳海 qvw"), draft(others + 1)])
    with Finder(log.file) as finder, Indexer(log.file) as indexer:
        while indexer.step(50):
            pass
        assert finder.find(Question(words="ouyang heliodor")).entries
        assert traces(log.file)
        indexer.forget(["subject-4711"])
        assert traces(log.file) == []
        page = finder.find(Question(words="heliodor"))
        assert (page.entries, page.indexed) == ([], others + 2)
        left = finder.find(Question(words="wangming"), limit=1000).entries
        assert len(left) == others - len(range(0, others, 9))
    assert traces(log.file) == []


def test_an_entry_that_erases_takes_the_subject_out_of_the_index_in_its_own_step(
    log: CustodyLog, draft: Make
) -> None:
    log.append([visitor(draft, 0, "subject-4711", "heliodor 欧阳 qvw"), visitor(draft, 1, "v2", "Amber")])
    with Indexer(log.file) as indexer:
        indexer.step()
        assert traces(log.file)
        log.append([draft(2, kind="person_erased", erases=["subject-4711"])])
        indexer.step()
        assert traces(log.file) == []
    with Finder(log.file) as finder:
        assert [e["n"] for e in finder.find(Question(words="amber")).entries] == [1]


def test_who_is_erased_and_comes_again_in_one_step_is_found_again(log: CustodyLog, draft: Make) -> None:
    log.append([visitor(draft, 0, "v1", "heliodor"), draft(1, erases=["v1"])])
    log.append([visitor(draft, 2, "v1", "heliodor")])
    with Indexer(log.file) as indexer, Finder(log.file) as finder:
        indexer.step()
        assert [entry["n"] for entry in finder.find(Question(words="heliodor")).entries] == [2]


def test_an_old_index_put_back_forgets_again_what_the_log_has_erased(log: CustodyLog, draft: Make) -> None:
    log.append([visitor(draft, 0, "subject-4711", "heliodor 欧阳 qvw")])
    with Indexer(log.file) as indexer:
        indexer.step()
    old = log.file.with_name("search.db").read_bytes()
    log.append([draft(1, erases=["subject-4711"])])
    with Indexer(log.file) as indexer:
        indexer.step()
    log.file.with_name("search.db").write_bytes(old)
    assert traces(log.file)
    with Indexer(log.file) as indexer:
        indexer.step()
        assert traces(log.file) == []


def test_a_reader_that_holds_the_wal_is_told_of_until_it_lets_go(
    log: CustodyLog, draft: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "_ATTEMPTS", 2)
    log.append([visitor(draft, 0, "subject-4711", "heliodor 欧阳 qvw")])
    with Indexer(log.file) as indexer:
        indexer.step()
        reader = sqlite3.connect(log.file.with_name("search.db"), isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM personal").fetchall()
        with pytest.raises(LogBusy, match="reader"):
            indexer.forget(["subject-4711"])
        reader.execute("COMMIT")
        indexer.forget(["subject-4711"])
        assert traces(log.file) == []
        reader.close()


def test_words_about_people_stand_nowhere_but_in_their_own_table(log: CustodyLog, draft: Make) -> None:
    log.append([visitor(draft, 0, "subject-4711", "heliodor")])
    with Indexer(log.file) as indexer:
        indexer.step()
        hits = indexer._db.execute("SELECT count(*) FROM token WHERE token MATCH 'heliodor'").fetchone()
        rows = indexer._db.execute("SELECT * FROM personal WHERE word = 'heliodor'").fetchall()
    assert (hits, rows) == ((0,), [("heliodor", 0, "subject-4711")])
