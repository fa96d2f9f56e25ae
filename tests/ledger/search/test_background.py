"""The index kept up to date beside a running controller."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Condition

import pytest

from controller.ledger.custody_log import CustodyLog
from controller.ledger.search import background
from controller.ledger.search.background import BackgroundIndexer
from controller.ledger.search.finder import Finder
from controller.ledger.search.indexer import Indexer
from controller.ledger.search.question import Question

Make = Callable[..., dict[str, object]]
PATIENCE = 60.0


@pytest.fixture
def keeper(log: CustodyLog) -> Iterator[BackgroundIndexer]:
    keeper = BackgroundIndexer(log.file, every=0.01)
    yield keeper
    keeper.stop()


def test_what_was_written_before_the_start_and_after_it_is_indexed(
    log: CustodyLog, keeper: BackgroundIndexer, draft: Make
) -> None:
    log.append([draft(at) for at in range(700)])
    keeper.start()
    assert keeper.wait_for(700, PATIENCE)
    log.append([draft(700, note="seal")])
    assert keeper.wait_for(701, PATIENCE)
    with Finder(log.file) as finder:
        page = finder.find(Question(words="seal"))
        assert ([entry["n"] for entry in page.entries], page.indexed) == ([700], 701)
    assert (keeper.edge, keeper.trouble) == (701, "")


def test_nobody_waits_longer_than_asked(log: CustodyLog, keeper: BackgroundIndexer) -> None:
    keeper.start()
    assert not keeper.wait_for(1, 0.01)


def test_a_stopped_one_lets_go_of_the_index_and_another_goes_on(
    log: CustodyLog, keeper: BackgroundIndexer, draft: Make
) -> None:
    log.append([draft(0)])
    keeper.start()
    assert keeper.wait_for(1, PATIENCE)
    keeper.stop()
    keeper.stop()
    log.append([draft(1)])
    with Indexer(log.file) as indexer:
        assert (indexer.edge, indexer.step()) == (1, 1)


def test_one_that_was_never_started_can_be_stopped(tmp_path: Path) -> None:
    BackgroundIndexer(tmp_path / "custody.db").stop()


def test_trouble_is_told_and_tried_again(
    tmp_path: Path, draft: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "_AFTER_TROUBLE", 0.01)
    file = tmp_path / "data" / "custody.db"
    keeper = BackgroundIndexer(file, every=0.01)
    keeper.start()
    try:
        patience = Condition()
        with patience:
            assert patience.wait_for(lambda: patience.wait(0.01) or keeper.trouble, PATIENCE)
        assert "no custody log" in keeper.trouble
        with CustodyLog.open(file) as log:
            log.append([draft(0)])
            assert keeper.wait_for(1, PATIENCE)
            assert keeper.trouble == ""
    finally:
        keeper.stop()
