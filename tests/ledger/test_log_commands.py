"""`ironroom log show` and `verify` as a person at the terminal meets them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from controller.cli import main
from controller.ledger.canonical import encode
from controller.ledger.commands import log_group
from controller.ledger.custody_log import CustodyLog
from controller.ledger.sqlite import sqlite3
from controller.ledger.terminal import harmless

Make = Callable[..., dict[str, object]]


@pytest.fixture
def data(file: Path, draft: Make) -> Path:
    with CustodyLog.open(file) as log:
        log.append([draft(at, kind=f"k{at % 2}", who=["li"] if at < 3 else ["wang"]) for at in range(6)])
        log.append([draft(6, kind="duress", who=["li"], sealed=True), draft(7, place="vault", tries=3)])
    return file.parent


def run(*arguments: object) -> Result:
    return CliRunner().invoke(log_group, [str(argument) for argument in arguments], catch_exceptions=False)


def test_the_newest_entries_are_shown_with_the_oldest_of_them_first(data: Path) -> None:
    shown = run("show", "--data", data, "--limit", 3)
    assert shown.exit_code == 0
    lines = shown.output.splitlines()
    assert [row.split()[0] for row in lines] == ["5", "6", "7"]
    assert lines[0].split() == ["5", "2026-03-02T01:00:00.005Z", "k1", "main", "wang"]
    assert lines[2].endswith('{"tries":3}')


def test_the_next_look_shows_the_one_before(data: Path) -> None:
    first, second = (run("show", "--data", data, "--limit", 1).output for _ in range(2))
    assert "evidence_read" not in first
    assert second.split()[0] == "8"
    assert "evidence_read" in second


@pytest.mark.parametrize(
    ("asked", "counters"),
    [
        (["--kind", "k1"], [1, 3, 5]),
        (["--who", "li"], [0, 1, 2, 7]),
        (["--place", "vault"], [7]),
        (["--kind", "k0", "--who", "wang"], [4]),
        (["--kind", "duress"], []),
        (["--kind", "duress", "--sealed"], [6]),
    ],
)
def test_entries_are_chosen_by_kind_person_and_place(
    data: Path, asked: list[str], counters: list[int]
) -> None:
    shown = run("show", "--data", data, "--json", *asked)
    assert [json.loads(row)["n"] for row in shown.stdout.splitlines()] == counters
    assert (shown.stderr == "") == bool(counters)


def test_that_nothing_answers_is_said_and_says_nothing_of_what_is_sealed(data: Path) -> None:
    told = {run("show", "--data", data, "--kind", kind).stderr for kind in ("k7", "duress")}
    assert told == {"No entry answers that. Kinds are spelled as `ironroom log count` prints them\n"}


def test_a_sealed_entry_is_only_counted(data: Path) -> None:
    for form in ([], ["--json"]):
        shown = run("show", "--data", data, *form).output
        assert "duress" not in shown
        assert "2026-03-02T01:00:00.006Z" not in shown
    assert "       6  sealed\n" in run("show", "--data", data).output
    assert "duress" in run("show", "--data", data, "--sealed").output


def test_json_is_the_stored_entry_in_its_canonical_spelling(data: Path, draft: Make) -> None:
    first = run("show", "--data", data, "--json").output.splitlines()[0]
    assert first == encode({**draft(0, kind="k0", who=["li"]), "n": 0}).decode()


def test_what_a_badge_says_cannot_command_the_terminal(file: Path, draft: Make) -> None:
    nasty = "\x1b]0;owned\x07\x9b31m\u202eli\U000e0041\n\r李"
    with CustodyLog.open(file) as log:
        log.append([draft(0, who=[nasty], note=nasty, kind="k\x9b", place="p\u2028")])
    (row,) = run("show", "--data", file.parent).output.splitlines()
    assert row.isprintable()
    assert "李" in row
    as_json = run("show", "--data", file.parent, "--json").output.splitlines()[0]
    assert as_json.isprintable()
    assert json.loads(as_json)["who"] == [nasty]


def test_signs_that_do_not_print_become_json_escapes() -> None:
    assert harmless("a b 李") == "a b 李"
    assert harmless("\x1b\x7f\u202e\U000e0041") == "\\u001b\\u007f\\u202e\\udb40\\udc41"


def test_a_whole_log_verifies_with_exit_code_0(data: Path) -> None:
    told = run("verify", "--data", data)
    assert told.exit_code == 0
    assert "9 entries and" in told.stdout
    assert "verified, root " in told.stdout
    report = json.loads(run("verify", "--data", data, "--json").stdout)
    assert (report["ok"], report["entries"], report["file"]) == (True, 10, str(data / "custody.db"))
    assert len(bytes.fromhex(report["root"])) == 32


def test_a_damaged_log_gives_exit_code_1_and_names_entry_and_remedy(data: Path) -> None:
    connection = sqlite3.connect(data / "custody.db")
    with connection:
        connection.execute("UPDATE entry SET body = x'00' WHERE n = 5")
    connection.close()
    told = run("verify", "--data", data)
    assert told.exit_code == 1
    assert "entry 5" in told.stderr
    assert "restore the last backup" in told.stderr
    report = json.loads(run("verify", "--data", data, "--json").stdout)
    assert (report["ok"], report["entry"]) == (False, 5)
    assert run("show", "--data", data).exit_code == 1


@pytest.mark.parametrize("command", ["show", "verify"])
def test_no_log_is_the_askers_mistake_with_exit_code_2(tmp_path: Path, command: str) -> None:
    told = run(command, "--data", tmp_path)
    assert told.exit_code == 2
    assert "there is no custody log" in told.stderr
    assert json.loads(run(command, "--data", tmp_path, "--json").stdout)["ok"] is False


@pytest.mark.parametrize(
    "arguments", [["show", "--limit", "0"], ["show", "--colour"], ["verify", "7"], ["shwo"]]
)
def test_a_wrong_word_is_exit_code_2(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


@pytest.mark.parametrize("command", [[], ["show"], ["verify"]])
def test_every_command_helps_with_an_example(command: list[str]) -> None:
    told = run(*command, "--help")
    assert told.exit_code == 0
    assert "Example: ironroom log" in told.output


def test_the_folder_may_come_from_the_environment(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IRONROOM_DATA", str(data))
    assert run("verify").exit_code == 0


READ = {"kind": "pending", "badge": "04A1B2C3D4E5F6"}
COPYABLE: list[dict[str, object]] = [
    {**READ, "level": "uid"},
    {**READ, "level": "desfire", "members": [{"level": "uid"}, {"level": "desfire"}]},
    {"kind": "enrolled", "person": {"id": "li"}, "badges": ["04A1B2C3D4E5F6"]},
]
PROVED: list[dict[str, object]] = [
    {**READ, "level": "desfire", "members": [{"level": "desfire"}]},
    {"kind": "enrolled", "person": {"id": "li"}, "badges": []},
    {"kind": "enrolled", "person": {"id": "li"}, "badges": ["33" * 16], "badge_level": "desfire"},
    {"kind": "opened", "point": "main.contact", "level": "active"},
    {"kind": "penalty", "badges": ["04A1B2C3D4E5F6"]},
]


def _in_colour(file: Path, bodies: list[dict[str, object]], draft: Make, *arguments: str) -> list[str]:
    with CustodyLog.open(file) as log:
        log.append([draft(at) | body for at, body in enumerate(bodies)])
    asked = [*arguments, "--data", str(file.parent)]
    told = CliRunner().invoke(main, asked, catch_exceptions=False, color=True)
    return told.stdout.splitlines()


@pytest.mark.parametrize("command", ["show", "find"])
def test_what_a_badge_did_that_may_be_copied_is_red_and_says_so(
    file: Path, draft: Make, command: str
) -> None:
    for line in _in_colour(file, COPYABLE, draft, "log", command):
        assert line.startswith("\x1b[31m")
        assert line.endswith("legacy, may be copied\x1b[0m")


@pytest.mark.parametrize("command", ["show", "find"])
def test_nothing_else_is_red(file: Path, draft: Make, command: str) -> None:
    lines = _in_colour(file, PROVED, draft, "log", command)
    assert len(lines) == len(PROVED)
    assert not any("\x1b" in line or "legacy" in line for line in lines)


@pytest.mark.parametrize("command", ["show", "find"])
def test_json_has_neither_the_colour_nor_the_words(file: Path, draft: Make, command: str) -> None:
    lines = _in_colour(file, COPYABLE, draft, "log", command, "--json")
    assert {json.loads(line)["kind"] for line in lines} == {"pending", "enrolled"}
    assert not any("\x1b" in line or "legacy" in line for line in lines)


def test_in_a_pipe_the_words_stay_without_the_colour(file: Path, draft: Make) -> None:
    with CustodyLog.open(file) as log:
        log.append([draft(0) | COPYABLE[0]])
    told = run("show", "--data", file.parent).output
    assert told.rstrip().endswith("legacy, may be copied")
    assert "\x1b" not in told
