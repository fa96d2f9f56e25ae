"""The controller's side at work: rounds, files, silence and return, beside real log witnesses."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from controller import witness_asker, witness_line
from controller.core.events import DeviceBack, DeviceLost, LogNews, Witnessed
from controller.core.words import Kind
from controller.inbox import Report
from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import SignedNote, verify
from controller.log_witness.app import App
from controller.log_witness.key import load_key
from controller.log_witness.memory import Memory
from controller.log_witness.server import Server
from controller.log_witness.trusted import LOGS, Trusted
from controller.site_log import LogWitness
from controller.witness_memory import WitnessMemory
from firmware_shims.lying_witness import LyingWitness
from tests.witness.houses import fork, founded, grow, head, house, offered, served, trust, until, witnessed


def seen(size: int) -> Callable[[Report], bool]:
    return lambda report: isinstance(report, Witnessed) and report.size == size


def is_kind(kind: type) -> Callable[[Report], bool]:
    return lambda report: isinstance(report, kind)


@pytest.mark.parametrize("ml_dsa", [False, True])
def test_every_new_head_is_cosigned_told_and_kept(log: CustodyLog, folder: Path, ml_dsa: bool) -> None:
    vkey = founded(folder, log.vkey, ml_dsa=ml_dsa)
    memory = WitnessMemory(log.file)
    with house(folder) as witness, witnessed(log, witness) as (running, news):
        for _ in range(2):
            grow(log, 3)
            offered(running, log)
            news.until(seen(log.size))
            kept = until(lambda: (note := memory.cosigned()) and note.text == head(log).text and note)
            assert verify(kept, [log.vkey, vkey]) == [log.vkey, vkey]
            until(lambda: (note := memory.note("branch")) and note.text == head(log).text)
    assert (log.file.parent / "checkpoint.cosigned").stat().st_mode & 0o777 == log.file.stat().st_mode & 0o777


def test_two_log_witnesses_stand_behind_one_head_in_the_order_of_the_site_file(
    log: CustodyLog, tmp_path: Path
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    vkeys = [
        founded(one, log.vkey, name="w.example/1"),
        founded(two, log.vkey, name="w.example/2", ml_dsa=True),
    ]
    memory = WitnessMemory(log.file)
    with house(one, name="b") as b, house(two, name="a") as a, witnessed(log, b, a) as (running, _):
        for _ in range(2):
            grow(log, 1)
            offered(running, log)
            note = until(lambda: _cosigned_twice(memory, log))
            assert verify(note, [log.vkey, *vkeys]) == [log.vkey, *vkeys]


def _cosigned_twice(memory: WitnessMemory, log: CustodyLog) -> SignedNote | None:
    note = memory.cosigned()
    return note if note and len(note.signatures) == 3 and note.text == head(log).text else None


def test_thousands_of_commits_make_few_requests(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    asked: list[str] = []
    app = App(Memory(folder), Trusted(folder / LOGS), load_key(folder))

    def counting(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
        asked.append(environ["PATH_INFO"])
        return app(environ, start)

    server = Server(counting, "127.0.0.1", 0)
    with served(server) as url:
        witness = LogWitness("branch", url, load_key(folder).vkey)
        with witnessed(log, witness) as (running, news):
            grow(log, 1)
            note = log.note()
            assert note
            running.offer(note, 1)
            news.until(seen(1))
            before = len(asked)
            longest = 0.0
            for _ in range(2000):
                begun = time.perf_counter()
                running.offer(note, 1)
                longest = max(longest, time.perf_counter() - begun)
            grow(log, 2000)
            offered(running, log)
            news.until(seen(2001))
            assert len(asked) - before <= 3
            assert longest < 5
    server.close()


def test_a_hanging_log_witness_keeps_no_other_waiting(
    log: CustodyLog, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witness_line, "STEP_S", 0.5)
    vkey = founded(folder, log.vkey)
    grow(log, 1)
    with house(folder) as good, LyingWitness(lambda _: []) as liar:
        hanging = LogWitness("deaf", liar.url, vkey)
        with witnessed(log, hanging, good) as (running, news):
            offered(running, log)
            news.until(seen(1))
            for _ in range(5):
                grow(log, 1)
                offered(running, log)
                news.until(seen(log.size))
            lost = news.until(is_kind(DeviceLost))
            assert isinstance(lost, DeviceLost)
            assert lost.device == "deaf"
            assert lost.why


def test_a_log_witness_that_goes_and_comes_back_is_told_lost_and_back(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    grow(log, 1)
    with house(folder) as witness:
        port = int(witness.url.rpartition(":")[2])
    with witnessed(log, witness) as (running, news):
        offered(running, log)
        news.until(is_kind(DeviceLost))
        grow(log, 1)
        offered(running, log)
        with house(folder, port):
            news.until(is_kind(DeviceBack))
            news.until(seen(2))
        grow(log, 1)
        offered(running, log)
        news.until(is_kind(DeviceLost))
        with house(folder, port):
            news.until(is_kind(DeviceBack))
            news.until(seen(3))


def test_one_that_does_not_know_the_log_yet_is_lost_until_it_does(log: CustodyLog, folder: Path) -> None:
    founded(folder)
    grow(log, 1)
    with house(folder) as witness, witnessed(log, witness) as (running, news):
        offered(running, log)
        lost = news.until(is_kind(DeviceLost))
        assert isinstance(lost, DeviceLost)
        assert lost.why == "it answers 404: it does not know this log"
        trust(folder, log.vkey)
        news.until(seen(1))


def test_a_log_witness_that_was_told_more_than_the_controller_knows_is_caught_up_with(
    log: CustodyLog, folder: Path
) -> None:
    founded(folder, log.vkey)
    grow(log, 5)
    with house(folder) as witness:
        with witnessed(log, witness) as (running, news):
            offered(running, log)
            news.until(seen(5))
        (log.file.parent / "witnessed" / "branch.note").unlink()
        grow(log, 4)
        with witnessed(log, witness) as (running, news):
            offered(running, log)
            news.until(seen(9))


def test_a_contradiction_is_told_once_with_two_signed_heads(
    log: CustodyLog, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witness_asker, "CONFLICT_PAUSE_S", 0.02)
    vkey = founded(folder, log.vkey)
    grow(log, 7)
    with fork(log, tmp_path, 7) as twin, house(folder) as witness:
        with witnessed(log, witness) as (running, news):
            offered(running, log)
            news.until(seen(7))
        with witnessed(twin, witness) as (running, news):
            for _ in range(3):
                grow(twin, 1)
                offered(running, twin)
            told = news.until(is_kind(LogNews))
            ours = head(twin)
            until(lambda: running._askers[0].failures > 4)
            news.drain()
        assert isinstance(told, LogNews)
        assert told.kind is Kind.LOG_CONFLICT
        assert [one for one in news.all if isinstance(one, LogNews)] == [told]
    (proof,) = (twin.file.parent / "fraud").iterdir()
    theirs = SignedNote.parse((proof / "theirs.checkpoint").read_bytes())
    mine = SignedNote.parse((proof / "ours.checkpoint").read_bytes())
    assert verify(theirs, [log.vkey, vkey]) == [log.vkey, vkey]
    assert verify(mine, [log.vkey]) == [log.vkey]
    assert Checkpoint.parse(mine.text).size <= Checkpoint.parse(ours.text).size
    assert told.fields["theirs"] == theirs.to_bytes().decode()
    assert told.fields["log_witness"] == "branch"


def test_the_last_head_is_cosigned_before_the_end(log: CustodyLog, folder: Path) -> None:
    founded(folder, log.vkey)
    with house(folder) as witness:
        with witnessed(log, witness) as (running, _):
            grow(log, 9)
            offered(running, log)
        note = WitnessMemory(log.file).note("branch")
    assert note
    assert note.text == head(log).text


def test_without_log_witnesses_nothing_runs(log: CustodyLog) -> None:
    grow(log, 1)
    with witnessed(log) as (running, _):
        offered(running, log)
    assert not (log.file.parent / "witnessed").exists()
