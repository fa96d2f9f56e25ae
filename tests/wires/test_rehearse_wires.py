"""One story, two stages: on paper and on wires a drill has the same verdicts, the failing ones too."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner

from controller.drill_file import load
from controller.drill_play import Player
from controller.ledger.verify import verify
from controller.rehearse_command import rehearse
from controller.stage import Opener
from controller.virtual_stage import on_paper
from controller.wire_room import on_wires
from tests.rehearse.stories import deed, story
from tests.wires.stories import DRILLS

SHORT = {"the_plug_is_pulled_while_unlocked", "chatter_motion_and_a_new_badge", "a_story_that_is_not_so"}
"""Those that every run of the tests plays; all others are long ones."""


def verdicts(file: Path, opener: Opener, data: Path) -> list[tuple[str, str, bool | None]]:
    """Step, expectation and verdict of everything that was expected."""
    data.mkdir(mode=0o700)
    drill = load(file)
    with opener(drill, data) as stage:
        player = Player(drill, stage)
        steps = list(player.play())
    verify(data / "custody.db")
    return [(str(step.step), str(f.expectation), f.met) for step in steps for f in step.findings]


@pytest.mark.parametrize("names", [SHORT, pytest.param({*DRILLS} - SHORT, marks=pytest.mark.long)])
def test_drills_have_the_same_verdicts_on_paper_and_on_wires(names: set[str], tmp_path: Path) -> None:
    files = {name: story(tmp_path, DRILLS[name], name=name) for name in names}
    paper = {name: verdicts(file, on_paper, tmp_path / f"{name}.paper") for name, file in files.items()}
    # Played in real time, and therefore all at once.
    with ThreadPoolExecutor(len(files)) as stages:
        playing = {n: stages.submit(verdicts, f, on_wires, tmp_path / f"{n}.wires") for n, f in files.items()}
        wires = {name: played.result() for name, played in playing.items()}
    assert wires == paper
    failed = {name for name, found in paper.items() if not all(met for _, _, met in found)}
    assert failed == {"a_story_that_is_not_so"} & names


def test_rehearse_on_wires_keeps_its_log_and_ends_with_1_when_it_was_not_so(tmp_path: Path) -> None:
    file, data = story(tmp_path, DRILLS["a_story_that_is_not_so"]), tmp_path / "kept"
    result = CliRunner().invoke(rehearse, ["--wires", "--json", "--data", str(data), str(file)])
    assert result.exit_code == 1, result.output
    lines = [json.loads(line) for line in result.output.splitlines() if line.startswith("{")]
    assert len(lines) > len(load(file).steps)
    assert verify(data / "custody.db").entries > 0


def test_what_no_wire_of_the_room_can_do_is_a_sentence(tmp_path: Path) -> None:
    file = story(tmp_path, deed("pin", begins=0, reader="main.out", digits="1234"))
    result = CliRunner().invoke(rehearse, ["--wires", str(file)])
    assert result.exit_code == 2
    assert "step 1 cannot be done on wires: main.out is not a keypad of this room" in result.output
