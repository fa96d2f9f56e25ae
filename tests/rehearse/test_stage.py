"""The stage on paper: what a step does to the lines, what a crash leaves, and whose time it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from controller.core.effects import Release, Secure, Show, Signal
from controller.core.events import Level
from controller.core.plan import InputPlan, Role, SitePlan, WindowPlan
from controller.core.state import State
from controller.drill import Step
from controller.drill_file import load
from controller.drill_points import changes
from controller.paper_board import PaperBoard
from tests.core.plans import example
from tests.rehearse.stories import HEAD, TWO_ENTER, played, step, story

ACTIVE, NORMAL = Level.ACTIVE, Level.NORMAL

CHANGES: list[tuple[str, dict[str, str], tuple[tuple[str, Level], ...] | None]] = [
    ("open", {"what": "main"}, (("main.contact", ACTIVE),)),
    ("shut", {"what": "c1.b"}, (("c1.b.contact", NORMAL),)),
    ("open", {"what": "north"}, (("north.contact", ACTIVE),)),
    ("bolt", {"what": "main", "is": "drawn"}, (("main.bolt", ACTIVE),)),
    ("bolt", {"what": "main", "is": "thrown"}, (("main.bolt", NORMAL),)),
    ("rex", {"door": "main"}, (("main.rex", ACTIVE), ("main.rex", NORMAL))),
    ("input", {"name": "mains", "is": "short"}, (("mains", Level.SHORT),)),
    ("motion", {"where": "vault"}, (("vault.motion", ACTIVE), ("vault.motion", NORMAL))),
    ("glass", {"where": "north"}, (("north.glass", ACTIVE), ("north.glass", NORMAL))),
    ("vibration", {"where": "c1"}, (("c1.vibration", ACTIVE), ("c1.vibration", NORMAL))),
    ("tamper", {"where": "main.in"}, (("main.in.tamper", ACTIVE), ("main.in.tamper", NORMAL))),
    ("tamper", {"where": "north"}, (("north.contact", Level.CUT), ("north.contact", NORMAL))),
    ("motion", {"where": "vault.motion"}, (("vault.motion", ACTIVE), ("vault.motion", NORMAL))),
    ("fire", {"is": "on"}, (("fire", ACTIVE),)),
    ("fire", {"is": "off"}, (("fire", NORMAL),)),
    ("power", {"is": "lost"}, (("mains", ACTIVE),)),
    ("power", {"is": "back"}, (("mains", NORMAL),)),
    ("tap", {"reader": "main.in", "badge": "B1"}, None),
    ("wait", {}, None),
]


@pytest.mark.parametrize(("word", "fields", "lines"), CHANGES)
def test_a_step_changes_these_lines(
    word: str, fields: dict[str, str], lines: tuple[tuple[str, Level], ...] | None
) -> None:
    assert changes(example(), Step(1, 0, word, fields)) == lines


def test_a_window_with_bars_opens_its_sash_only() -> None:
    plan = SitePlan(
        "bars",
        windows={"north": WindowPlan("north", "vault")},
        inputs={n: InputPlan(n, Role.CONTACT, "north") for n in ("north.contact", "north.bars")},
    )
    assert changes(plan, Step(1, 0, "open", {"what": "north"})) == (("north.contact", ACTIVE),)


def test_the_paper_board_drops_a_bolt_at_its_time_and_when_told() -> None:
    board = PaperBoard()
    board.release([Release("main", 5_000), Release("c1.a", 5_000), Secure("c1.a")], State())
    assert board.unlocked("main", 4_999)
    assert not board.unlocked("main", 5_000)
    assert not board.unlocked("c1.a", 0)
    board.secure([Secure("main")])
    assert not board.unlocked("main", 0)
    board.release([Release("main", 5_000)], State())
    board.drop_everything()
    assert not board.unlocked("main", 0)


def test_the_paper_board_shows_what_was_shown_last() -> None:
    board = PaperBoard()
    assert board.signal("main.in") == "idle"
    board.release([Show("main.in", Signal.PENDING), Show("main.in", Signal.GRANTED)], State())
    assert board.signal("main.in") == "granted"


def test_a_crash_leaves_what_the_world_is_and_nothing_the_controller_held(tmp_path: Path) -> None:
    tap = step("tap", reader='"main.out"', badge='"B1"')
    text = TWO_ENTER + step("open", what='"north"') + tap
    text += step("crash", 'lock = "main", is = "locked"', 'signal = "main.out", is = "idle"')
    text += step("shut", 'entry = "window_shut"', what='"north"')
    assert played(tmp_path, text).met


def test_a_quiet_room_writes_nothing_but_its_start_after_a_crash(tmp_path: Path) -> None:
    account = played(tmp_path, step("wait") + step("crash"))
    after = account.entries[account.steps[1].behind + 1 :]
    assert {entry["kind"] for entry in after} == {"started", "input"}


def test_the_clock_of_the_wall_jumps_and_room_time_does_not(tmp_path: Path) -> None:
    text = step("clock", 'entry = "clock_changed"', by="3600") + step("crash") + step("wait", after=5)
    account = played(tmp_path, text)
    assert account.met
    started = [entry for entry in account.entries if entry["kind"] == "started"]
    assert [entry["at"] for entry in started] == [0, 2_000]
    assert started[1]["wall_ms"] - started[0]["wall_ms"] == 3_602_000


def test_a_built_in_room_keeps_the_local_time_in_which_the_drill_is_written(tmp_path: Path) -> None:
    tap = step("tap", reader='"main.in"', badge='"B1"')
    second = step("tap", 'lock = "main", is = "unlocked"', reader='"main.in"', badge='"B2"')
    head = HEAD.replace("09:00:00+08:00", "17:00:00Z")
    assert played(tmp_path, tap + second, head).met


@pytest.mark.parametrize(
    "start", ["2026-03-02T09:00:00+08:00", '"2026-03-02T09:00:00"', '"2026-03-02T01:00:00Z"']
)
def test_the_start_may_be_text_or_a_date_with_or_without_its_offset(tmp_path: Path, start: str) -> None:
    head = HEAD.replace('"2026-03-02T09:00:00+08:00"', start)
    assert load(story(tmp_path, step("wait"), head)).wall_ms == 1_772_413_200_000


RIGHTS: list[tuple[str, str]] = [
    ('valid_until = "2026-03-02T08:59:59+08:00"', 'refused = "expired"'),
    ("valid_until = 2026-03-01", 'refused = "expired"'),
    ("valid_until = 2026-03-02", "accepted = true"),
    ("valid_from = 2026-03-03", 'refused = "not_yet_valid"'),
    ("training_until = 2026-03-01", 'refused = "training_missing"'),
    ("pledged = false", 'refused = "pledge_missing"'),
    ('hours = "mon-fri 08:00–18:00"', "accepted = true"),  # noqa: RUF001 - as people write it
    ('hours = "10:00-18:00"', 'refused = "out_of_hours"'),
    ('hours = "office"', "accepted = true"),
    ("doors = []", 'refused = "not_entitled"'),
    ('doors = ["main"]', "accepted = true"),
]


@pytest.mark.parametrize(("right", "answer"), RIGHTS)
def test_a_person_has_the_rights_that_the_drill_gives(tmp_path: Path, right: str, answer: str) -> None:
    he = f'[people.he]\nbadges = ["B7"]\n{right}\n'
    assert played(tmp_path, he + step("tap", answer, reader='"main.in"', badge='"B7"')).met
