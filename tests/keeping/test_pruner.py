"""Entries go when they are old, never under a hold or an unaccepted clock, and every kill leaves a start."""

from __future__ import annotations

import os
import shutil
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from controller.core.events import Asking, ClockJumped, TimePassed
from controller.core.freeze import to_json
from controller.core.state import State
from controller.core.words import Kind
from controller.keeping_rules import ALARMS, FOREVER, ORDINARY
from controller.kept_states import keep_state, remembered, vouched
from controller.ledger.reading import LogReader
from controller.ledger.verify import verify
from controller.loop import Loop
from controller.pruner import Pruner
from controller.site_log import Keeping
from tests.keeping.house import DAY, busy_day, room

KEEPING = Keeping(log_days=180, alarm_days=300)
LAST = 350


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of a year; nothing was pruned, and no state was kept."""
    file = tmp_path_factory.mktemp("year") / "data" / "custody.db"
    with room(file) as loop:
        for day in range(1, LAST, 2):
            loop.turn(busy_day(day, 3))
        loop.turn([TimePassed(LAST * DAY)])
    return file


@pytest.fixture
def file(year: Path, tmp_path: Path) -> Path:
    return copied(year, tmp_path / "copy")


def copied(file: Path, to: Path) -> Path:
    """The whole folder of a log, as a power cut could have left it."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(file.parent, to)
    return to / file.name


def idle(loop: Loop, at: int = LAST * DAY) -> None:
    """Nobody comes for as long as there is something to do."""
    pruner = Pruner(loop, KEEPING)
    before = None
    while before != (before := marks(loop)):
        pruner.idle(at)
        loop.log.upkeep()
    pruner.idle(at)


def marks(loop: Loop) -> tuple[Any, ...]:
    with LogReader(loop.log.file) as reader:
        return loop.log.size, *reader.fetch("SELECT name, value FROM mark ORDER BY name", ())


def kinds(file: Path) -> Counter[str]:
    with LogReader(file) as reader:
        return Counter(str(e.get("kind", "gone")) for e in reader.entries(sealed=True))


def meaning(state: State) -> dict[str, Any]:
    """What the room knows, without what pruning itself writes."""
    return {name: v for name, v in to_json(state).items() if name not in {"size", "at", "kept_from"}}


def test_every_kind_of_entry_has_exactly_one_rule() -> None:
    ruled = Counter([*(kind for kind, _ in FOREVER), *ALARMS, *ORDINARY])
    assert ruled == Counter(Kind)


def test_entries_alarms_and_registers_are_each_kept_for_their_time(file: Path) -> None:
    with LogReader(file) as reader:
        before = list(reader.entries(sealed=True))
    with room(file) as loop:
        idle(loop)
        now = loop.site.state.at
    days = {**dict.fromkeys(ORDINARY, 180), **dict.fromkeys(ALARMS, 300), **{k: 9**9 for k, _ in FOREVER}}
    with LogReader(file) as reader:
        after = list(reader.entries(before=len(before), sealed=True))
    for old, new in zip(before, after, strict=True):
        gone = int(str(old["at"])) < now - days[Kind(str(old["kind"]))] * DAY
        assert new == ({"n": old["n"], "pruned": True} if gone else old)
    assert {"enrolled"} < set(kinds(file))
    assert kinds(file)["gone"] > 100


def test_the_log_says_what_went_and_verifies(file: Path) -> None:
    with room(file) as loop:
        idle(loop)
        (entry,) = (e for e in loop.log.tail(vouched(loop.log)[1]) if e["kind"] == "pruned")
        assert loop.site.state.kept_from == loop.log.kept_from == entry["kept_from"]
    assert entry["bodies"] == kinds(file)["gone"]
    verify(file)


def test_a_start_on_a_pruned_log_gives_the_same_room(file: Path) -> None:
    with room(file) as loop:
        honest = meaning(loop.site.state)
        idle(loop)
        assert len(vouched(loop.log)) >= 2
    with room(file) as loop:
        assert meaning(loop.site.state) == honest


def test_what_is_not_old_stays_and_says_nothing(file: Path) -> None:
    with room(file) as loop:
        idle(loop)
        size = loop.log.size
        idle(loop)
        assert loop.log.size == size
        idle(loop, (LAST + 2) * DAY)
        assert loop.log.size > size


def test_under_a_legal_hold_nothing_goes_and_lifting_it_lets_go(file: Path) -> None:
    with room(file) as loop:
        loop.turn(
            [Asking(LAST * DAY, "set_hold", "li", "", {"hold": "case", "person": "", "reason": "court"})]
        )
        idle(loop)
        assert "gone" not in kinds(file)
        lifted = {"hold": "case", "reason": "closed"}
        loop.turn([Asking(LAST * DAY, "lift_hold", "zhao", "chen", lifted)])
        idle(loop)
        assert "gone" in kinds(file)


def test_a_hold_stops_a_round_that_has_begun(file: Path) -> None:
    with room(file) as loop:
        pruner = Pruner(loop, KEEPING)
        pruner.idle(LAST * DAY)
        begun = kinds(file)["gone"]
        loop.turn(
            [Asking(LAST * DAY, "set_hold", "li", "", {"hold": "case", "person": "", "reason": "court"})]
        )
        for _ in range(9):
            pruner.idle(LAST * DAY)
        assert 0 < begun == kinds(file)["gone"]


def test_while_a_changed_clock_is_not_accepted_nothing_goes(file: Path) -> None:
    with room(file) as loop:
        loop.turn([ClockJumped(LAST * DAY, 400 * DAY)])
        idle(loop)
        assert "gone" not in kinds(file)
        loop.turn([Asking(LAST * DAY, "accept_clock", "zhao", "chen")])
        assert loop.site.state.claimed is None
        idle(loop)
        with LogReader(file) as reader:
            left = next(e for e in reader.entries(sealed=True) if e.get("kind") == "refused")
        assert int(str(left["at"])) >= (LAST - 180) * DAY  # a year more on the clock makes nothing older


def test_a_kill_at_any_commit_of_a_pruning_leaves_a_log_that_starts(file: Path, tmp_path: Path) -> None:
    with room(file) as loop:
        keep_state(loop, LAST * DAY)
        honest = meaning(loop.site.state)
    cuts, gone = 0, set()
    while killed_at(copied(file, tmp_path / "cut"), cuts):
        cut = tmp_path / "cut" / file.name
        with room(cut) as loop:
            assert meaning(loop.site.state) == honest
            gone.add(kinds(cut)["gone"])
            idle(loop)
            assert meaning(loop.site.state) == honest
        assert verify(cut).entries == loop.log.size
        cuts += 1
    assert cuts >= 10
    assert len(gone) >= 3  # before, between, and behind the portions


def killed_at(file: Path, cut: int) -> bool:
    """Prune in a process of its own that is killed at its n-th BEGIN or COMMIT; False: it came to its end."""
    pid = os.fork()
    if not pid:
        _prune_and_die(file, cut)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def _prune_and_die(file: Path, cut: int) -> None:
    left = cut + 1

    def look(statement: str) -> None:
        nonlocal left
        left -= statement.startswith(("BEGIN", "COMMIT"))
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    code = 1
    try:
        with room(file) as loop:
            loop.log._db.conn.set_trace_callback(look)
            idle(loop)
            code = 0
    finally:
        os._exit(code)


def test_a_start_of_which_every_kept_state_is_gone_is_refused_with_its_reason(file: Path) -> None:
    with room(file) as loop:
        idle(loop)
        loop.log._db.execute("DELETE FROM saved_state")
        loop.log._db.conn.commit()
        with pytest.raises(Exception, match="was pruned, and no saved state"):
            remembered(loop.log)
