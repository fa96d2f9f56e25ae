"""The command: what it prints, what it keeps, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from controller.cli import main
from tests.rehearse.stories import TWO_ENTER, step, story

GOOD = TWO_ENTER + step("wait", "occupancy = 2")
WRONG = TWO_ENTER + step("wait", "occupancy = 3")


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["rehearse", *map(str, arguments)])


def test_a_drill_as_expected_ends_with_0_and_tells_its_steps(tmp_path: Path) -> None:
    result = _run(story(tmp_path, GOOD))
    assert result.exit_code == 0
    assert "A story" in result.stdout
    assert "0.000 s  tap reader=main.in badge=B1" in result.stdout
    assert "ok      occupancy 2" in result.stdout
    assert result.stdout.endswith("met: 1 of 1 expectations, 5 steps\n")


def test_a_failed_expectation_ends_with_1_and_shows_what_was_found(tmp_path: Path) -> None:
    result = _run(story(tmp_path, WRONG))
    assert result.exit_code == 1
    assert "FAILED  occupancy 3: it is 2 (li, wang)" in result.stdout
    assert "entered  vault  li, wang" in result.stdout
    assert result.stdout.endswith("FAILED: 0 of 1 expectations, 5 steps\n")


def test_json_is_one_line_a_step_and_one_line_an_entry_in_order(tmp_path: Path) -> None:
    result = _run(story(tmp_path, GOOD), "--json")
    told = [json.loads(line) for line in result.stdout.splitlines()]
    steps = [one for one in told if one["line"] == "step"]
    entries = [one for one in told if one["line"] == "entry"]
    assert len(steps) + len(entries) == len(told)
    assert [one["step"] for one in steps] == [1, 2, 3, 4, 5]
    assert [one["n"] for one in entries] == list(range(len(entries)))
    assert steps[0]["answer"] == {"accepted": True}
    assert steps[4]["expect"][0]["wanted"] == {"occupancy": 2}
    assert steps[4]["met"] is True
    granted = next(place for place, one in enumerate(told) if one.get("kind") == "granted")
    assert told.index(steps[1]) < granted < told.index(steps[2])


def test_a_kept_log_can_be_shown_and_verified(tmp_path: Path) -> None:
    data = tmp_path / "kept"
    assert _run(story(tmp_path, GOOD + step("crash")), "--data", data).exit_code == 0
    shown = CliRunner().invoke(main, ["log", "show", "--data", str(data), "--kind", "granted", "--json"])
    assert shown.exit_code == 0
    assert json.loads(shown.stdout)["who"] == ["li", "wang"]
    assert CliRunner().invoke(main, ["log", "verify", "--data", str(data)]).exit_code == 0


def test_a_log_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    file, data = story(tmp_path, GOOD), tmp_path / "kept"
    assert _run(file, "--data", data).exit_code == 0
    before = (data / "custody.db").read_bytes()
    again = _run(file, "--data", data)
    assert again.exit_code == 2
    assert "there is a log already" in again.stderr
    assert (data / "custody.db").read_bytes() == before


def test_an_empty_folder_is_made_private(tmp_path: Path) -> None:
    data = tmp_path / "open"
    data.mkdir(mode=0o755)
    data.chmod(0o755)
    assert _run(story(tmp_path, GOOD), "--data", data).exit_code == 0
    assert data.stat().st_mode & 0o777 == 0o700


def test_a_folder_of_drills_keeps_each_log_by_its_name(tmp_path: Path) -> None:
    drills, data = tmp_path / "drills", tmp_path / "kept"
    drills.mkdir()
    story(drills, GOOD, name="good")
    story(drills, WRONG, name="wrong")
    result = _run(drills, "--data", data)
    assert result.exit_code == 1
    assert result.stdout.endswith("1 of 2 drills as expected\n")
    assert {file.parent.name for file in data.rglob("custody.db")} == {"good", "wrong"}


def test_no_name_of_a_drill_leads_out_of_the_folder(tmp_path: Path) -> None:
    drills, data = tmp_path / "drills", tmp_path / "kept"
    drills.mkdir()
    for name in ("...toml", "one.toml"):
        story(drills, GOOD).rename(drills / name)
    assert _run(drills, "--data", data).exit_code == 0
    assert {file.parent.parent for file in tmp_path.rglob("custody.db")} == {data}


def test_two_drills_of_one_name_cannot_keep_one_log(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    files = [story(tmp_path / name, GOOD) for name in ("a", "b")]
    result = _run(*files, "--data", tmp_path / "kept")
    assert result.exit_code == 2
    assert "there is a log already" in result.stderr


def test_a_folder_without_drills_and_a_file_that_is_not_there_end_with_2(tmp_path: Path) -> None:
    assert _run(tmp_path).exit_code == 2
    assert _run(tmp_path / "none.toml").exit_code == 2


@pytest.mark.parametrize("bell", ["\\u0007", "\\u001b[31m"])
def test_nothing_in_a_drill_commands_the_terminal(tmp_path: Path, bell: str) -> None:
    result = _run(story(tmp_path, step(f"x{bell}")))
    assert result.exit_code == 2
    assert "\x07" not in result.stderr
    assert "\x1b" not in result.stderr


def test_a_site_may_be_a_path_relative_to_the_drill(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "controller" / "sites" / "passage.toml").read_text(encoding="utf-8")
    (tmp_path / "our.toml").write_text(text, encoding="utf-8")
    head = 'site = "our.toml"\nstart = "2026-03-02T09:00:00+08:00"\n'
    drills = tmp_path / "drills"
    drills.mkdir()
    near = story(drills, step("wait", 'lock = "outer", is = "locked"'), head.replace("our", "../our"))
    assert _run(near).exit_code == 0
