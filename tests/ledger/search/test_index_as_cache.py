"""The index is a cache: without it, with an old, a damaged or a foreign one, answers stay what they are."""

import random
import stat
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from controller.errors import LogBusy
from controller.ledger.custody_log import CustodyLog
from controller.ledger.search.finder import Finder
from controller.ledger.search.indexer import Indexer
from controller.ledger.search.question import Question
from controller.ledger.sqlite import sqlite3

Make = Callable[..., dict[str, object]]
SEAL = Question(words="seal", who="li")
EXPECTED = [n for n in reversed(range(600)) if n % 5 == 0]


@pytest.fixture
def data(file: Path, draft: Make) -> Path:
    with CustodyLog.open(file) as log:
        log.append([draft(at, note=f"seal {at}" if at % 5 == 0 else "door") for at in range(600)])
    indexed(file)
    return file


def indexed(file: Path, zone: str = "UTC") -> int:
    with Indexer(file, zone) as indexer:
        while indexer.step():
            pass
        return indexer.edge


def put_back(file: Path, before: bytes) -> None:
    """Without the lock's memory, by which the log itself would refuse to go on."""
    file.write_bytes(before)
    file.with_suffix(".lock").unlink()


def found(file: Path) -> list[object]:
    with Finder(file) as finder:
        return [entry["n"] for entry in finder.find(SEAL, limit=1000).entries]


def test_a_deleted_index_is_missed_by_nobody(data: Path) -> None:
    with Finder(data) as finder:
        assert finder.find(SEAL).indexed == 600
        data.with_name("search.db").unlink()
        page = finder.find(SEAL, limit=1000)
        assert ([entry["n"] for entry in page.entries], page.indexed) == (EXPECTED, 0)
        assert indexed(data) == 600
        page = finder.find(SEAL, limit=1000)
        assert ([entry["n"] for entry in page.entries], page.indexed) == (EXPECTED, 600)


def test_without_an_index_a_question_for_an_hour_or_a_kind_unpacks_nothing_else(
    file: Path, draft: Make
) -> None:
    with CustodyLog.open(file) as log:
        log.append([draft(at, kind="held" if at == 7 else "granted") for at in range(40)])
    with sqlite3.connect(file) as db:
        db.execute("UPDATE entry SET body = x'00' WHERE n < 5")
        times = [time for (time,) in db.execute("SELECT time FROM entry ORDER BY n")]
    with Finder(file) as finder:
        late = finder.find(Question(since=times[30]), limit=100)
        assert [entry["n"] for entry in late.entries] == [*range(39, 29, -1)]
        held = finder.find(Question(kinds=frozenset({"held", "forced"})), limit=100)
        assert ([entry["n"] for entry in held.entries], held.next) == ([7], None)


@pytest.mark.parametrize("rubbish", [b"", b"no database", b"SQLite format 3\x00" + bytes(100), bytes(8192)])
def test_a_file_that_is_no_index_is_passed_over_and_made_anew(data: Path, rubbish: bytes) -> None:
    data.with_name("search.db").write_bytes(rubbish)
    assert found(data) == EXPECTED
    assert indexed(data) == 600
    with Finder(data) as finder:
        assert finder.find(SEAL).indexed == 600
    assert found(data) == EXPECTED


@pytest.mark.parametrize("seed", range(12))
def test_a_torn_index_gives_the_whole_answer_or_none_and_is_made_anew(data: Path, seed: int) -> None:
    index = data.with_name("search.db")
    whole = bytearray(index.read_bytes())
    pages = random.Random(seed).sample(range(len(whole) // 4096), 3)  # noqa: S311 — where the tear is
    for page in pages:
        whole[page * 4096 : (page + 1) * 4096] = bytes(4096)
    index.write_bytes(whole)
    answer = found(data)
    assert set(map(int, map(str, answer))) <= set(EXPECTED)
    index.unlink()
    indexed(data)
    assert found(data) == EXPECTED


@pytest.mark.parametrize(
    "table", ["about", "token", "token_data", "personal", "run", "mark", "rollup", "code"]
)
def test_an_index_without_a_table_is_passed_over_and_made_anew(data: Path, draft: Make, table: str) -> None:
    db = sqlite3.connect(data.with_name("search.db"))
    db.execute(f"DROP TABLE {table}")
    db.commit()
    db.close()
    assert found(data) == EXPECTED
    with CustodyLog.open(data) as log:
        log.append([draft(600, note="door")])
    assert indexed(data) == 601
    with Finder(data) as finder:
        assert finder.find(SEAL).indexed == 601


def test_an_older_index_is_completed_from_the_log_and_then_caught_up(data: Path, draft: Make) -> None:
    old = data.with_name("search.db").read_bytes()
    with CustodyLog.open(data) as log:
        log.append([draft(at, note="seal") for at in range(600, 700)])
    indexed(data)
    data.with_name("search.db").write_bytes(old)
    with Finder(data) as finder:
        assert finder.find(SEAL).indexed == 600
    assert found(data) == [*range(699, 599, -1), *EXPECTED]
    assert indexed(data) == 700
    assert found(data) == [*range(699, 599, -1), *EXPECTED]


@pytest.mark.parametrize("note", ["door", "seal"])
def test_an_index_of_another_log_is_not_believed(data: Path, tmp_path: Path, draft: Make, note: str) -> None:
    other = tmp_path / "other" / "custody.db"
    for file, marked in ((data, "seal"), (other, "door")):
        with CustodyLog.open(file) as log:
            log.append([draft(at, note=marked) for at in range(log.size, 1100)])
            log.append([draft(at, note="door") for at in range(1100, 1200)])
            log.append([draft(1200, note="door" if file == data else note)])  # the last one may be the same
    indexed(other)
    data.with_name("search.db").write_bytes(other.with_name("search.db").read_bytes())
    with Finder(data) as finder:
        assert finder.find(SEAL).indexed == 0
    expected = [*range(1099, 599, -1), *EXPECTED]
    assert found(data) == expected
    assert indexed(data) == 1201
    with Finder(data) as finder:
        assert finder.find(SEAL).indexed == 1201
    assert found(data) == expected


def test_an_index_that_knows_more_than_a_log_put_back_is_made_anew(data: Path, draft: Make) -> None:
    before = data.read_bytes()
    with CustodyLog.open(data) as log:
        log.append([draft(600, note="seal")])
    assert indexed(data) == 601
    put_back(data, before)
    assert found(data) == EXPECTED
    assert indexed(data) == 600
    with CustodyLog.open(data) as log:
        log.append([draft(600, note="door")])
    assert found(data) == EXPECTED


def test_a_log_that_is_put_back_under_an_open_indexer_is_noticed(data: Path, draft: Make) -> None:
    before = data.read_bytes()
    with CustodyLog.open(data) as log:
        log.append([draft(600, note="seal")])
    with Indexer(data) as indexer:
        indexer.step()
        put_back(data, before)
        with CustodyLog.open(data) as log:
            log.append([draft(600, note="another")])
        while indexer.step():
            pass
        assert indexer.edge == 601
    with Finder(data) as finder:
        assert [e["n"] for e in finder.find(Question(words="another")).entries] == [600]
        assert finder.find(SEAL).indexed == 601


def test_another_zone_or_format_makes_the_index_anew(data: Path) -> None:
    assert indexed(data, "Asia/Shanghai") == 600
    db = sqlite3.connect(data.with_name("search.db"))
    assert db.execute("SELECT zone, size FROM about").fetchall() == [("Asia/Shanghai", 600)]
    db.execute("PRAGMA user_version = 99")
    db.close()
    with Finder(data) as finder:
        assert finder.find(SEAL).indexed == 0
        assert finder.zone.key == "UTC"
    assert indexed(data) == 600
    with Finder(data) as finder:
        assert finder.find(SEAL).indexed == 600


def test_a_finder_in_the_same_process_does_not_take_the_right_to_write_away(data: Path, draft: Make) -> None:
    indexer = Indexer(data)
    with CustodyLog.open(data) as log:
        log.append([draft(600, note="seal")])
    with Finder(data) as finder:
        assert finder.find(SEAL).indexed == 600
        indexer.close()
        with Indexer(data) as again:
            assert finder.find(SEAL).indexed == 600
            assert again.step() == 1
            assert finder.find(SEAL).indexed == 601


def test_the_index_has_the_modes_of_the_log(data: Path) -> None:
    index = data.with_name("search.db")
    assert stat.S_IMODE(index.stat().st_mode) == 0o600
    data.chmod(0o640)
    with Indexer(data):
        for name in ("search.db", "search.db-wal", "search.db-shm"):
            assert stat.S_IMODE(data.with_name(name).stat().st_mode) == 0o640


def test_one_index_has_one_writer(data: Path) -> None:
    with Indexer(data), pytest.raises(LogBusy):
        Indexer(data)
    assert indexed(data) == 600


def test_a_step_is_whole_or_not_at_all(data: Path, draft: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    with CustodyLog.open(data) as log:
        log.append([draft(at, note="seal") for at in range(600, 650)])

    def no_space(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with Indexer(data) as indexer:
        monkeypatch.setattr(indexer._runs, "write", no_space)
        with pytest.raises(sqlite3.OperationalError, match="full"):
            indexer.step()
        assert indexer.edge == 600
        assert found(data) == [*range(649, 599, -1), *EXPECTED]
        while indexer.step(20):
            pass
        assert indexer.edge == 650
    assert found(data) == [*range(649, 599, -1), *EXPECTED]


def test_readers_get_whole_answers_while_the_index_is_written_and_made_anew(file: Path, draft: Make) -> None:
    wrong: list[object] = []
    with CustodyLog.open(file) as log:
        log.append([draft(at, note=f"seal {at}" if at % 5 == 0 else "door") for at in range(600)])
        done = [False]

        def read() -> None:
            with Finder(file) as finder:
                while not done[0]:
                    answer = [e["n"] for e in finder.find(SEAL, limit=1000).entries]
                    if answer != EXPECTED:
                        wrong.append(answer)

        readers = [Thread(target=read) for _ in range(2)]
        for reader in readers:
            reader.start()
        try:
            for _ in range(4):
                with Indexer(file) as indexer:
                    while indexer.step(50):
                        pass
                    indexer._begin_anew()
        finally:
            done[0] = True
            for reader in readers:
                reader.join()
    assert wrong == []
