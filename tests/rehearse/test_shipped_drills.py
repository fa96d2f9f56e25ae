"""The drills that ship: each plays as it says, and together they touch every rule of behaviour 1 to 43."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from controller import drill_report
from controller.drill_file import load
from controller.drill_judge import JUDGES
from controller.drill_points import POINTS
from controller.virtual_stage import EVENTS
from tests.rehearse.stories import account_of

FOLDER = Path(__file__).parents[2] / "drills"
DRILLS = sorted(FOLDER.glob("*.toml"))
LETTERED = {"33a", "33b", "33c", "33d", "33e", "33f"}


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+[a-f]?", text))


def _named(file: Path) -> set[str]:
    first = file.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# Behaviour "), file
    return _numbers(first)


@pytest.mark.parametrize("file", DRILLS, ids=lambda file: file.stem)
def test_a_shipped_drill_plays_as_it_says(file: Path) -> None:
    drill = load(file)
    account = account_of(drill)
    assert account.met, "\n".join(drill_report.lines(account))
    assert any(step.expect for step in drill.steps)


def test_the_drills_name_every_rule_from_1_to_43() -> None:
    named = set().union(*map(_named, DRILLS))
    assert {str(number) for number in range(1, 44)} | LETTERED <= named


def test_there_are_at_least_forty_drills() -> None:
    assert len(DRILLS) >= 40


@pytest.mark.parametrize("file", DRILLS, ids=lambda file: file.stem)
def test_title_and_comment_of_a_drill_name_the_same_rules(file: Path) -> None:
    title = load(file).title
    assert _numbers(title[title.rindex("(") :]) == _named(file)


def test_every_word_of_the_format_is_played_by_a_shipped_drill() -> None:
    drills = [load(file) for file in DRILLS]
    done = {step.do for drill in drills for step in drill.steps}
    expected = {one.word for drill in drills for step in drill.steps for one in step.expect}
    assert done == {*POINTS, *EVENTS, "crash"}
    assert expected == set(JUDGES)
