"""`ironroom log find` and `log count` as a person at the terminal meets them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from controller.cli import main
from controller.ledger.custody_log import CustodyLog
from controller.ledger.reading import LogReader
from controller.ledger.search.indexer import Indexer

Make = Callable[..., dict[str, object]]


@pytest.fixture(params=["with an index", "without an index"])
def data(file: Path, draft: Make, request: pytest.FixtureRequest) -> Path:
    with CustodyLog.open(file) as log:
        log.append([draft(at * 1000, note=f"seal {at}", place=f"p{at % 2}") for at in range(6)])
        log.append([draft(6000, kind="duress", who=["zhao"], sealed=True)])
        log.append([draft(7000, kind="held", carrier="disk-1", note="重庆\x1b[2J")])
        log.append([draft(8000) | {"time": "2026-03-02T23:30:00.000Z"}])
    if request.param == "with an index":
        with Indexer(file, "Asia/Shanghai") as indexer:
            indexer.step()
    return file.parent


def run(*arguments: object) -> Result:
    given = ["log", *(str(argument) for argument in arguments)]
    return CliRunner().invoke(main, given, catch_exceptions=False, env={"COLUMNS": "100"})


def counters(result: Result) -> list[int]:
    assert result.exit_code == 0, result.output
    return [json.loads(row)["n"] for row in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (["seal"], [5, 4, 3, 2, 1, 0]),
        (["seal", "4"], [4]),
        (["--place", "p1", "--place", "vault"], [5, 3, 1]),
        (["--kind", "held", "--kind", "duress"], [7]),
        (["--kind", "held", "--kind", "duress", "--sealed"], [7, 6]),
        (["--carrier", "disk-1"], [7]),
        (["--who", "zhao"], []),
        (["--who", "zhao", "--sealed"], [6]),
        (["chongqing"], [7]),
        (["too", "long"], [7]),
        (["seal", "--limit", "2", "--before", "3"], [2, 1]),
        (["seal", "--since", "2026-03-02T01:00:02+00:00", "--until", "2026-03-02T01:00:04+00:00"], [3, 2]),
        (["--since", "2026-03-04"], []),
    ],
)
def test_entries_are_found_newest_first(data: Path, asked: list[str], expected: list[int]) -> None:
    assert counters(run("find", "--data", data, "--json", *asked)) == expected


def test_a_page_tells_how_to_go_on(data: Path) -> None:
    page = run("find", "--data", data, "seal", "--limit", 2)
    assert [row.split()[0] for row in page.stdout.splitlines()] == ["5", "4"]
    assert "--before 4" in page.stderr
    assert run("find", "--data", data, "chongqing").stderr == ""


def test_what_is_found_cannot_command_the_terminal(data: Path) -> None:
    assert "\x1b" not in run("find", "--data", data, "chongqing").output


def test_entries_are_counted_by_day_and_kind(data: Path) -> None:
    counted = run("count", "--data", data, "--from", "2026-03-01", "--to", "2026-03-04", "--json")
    rows = [json.loads(row) for row in counted.stdout.splitlines()]
    last = "2026-03-03" if (data / "search.db").exists() else "2026-03-02"  # midnight is the site's
    found = {(row["day"], row["kind"]): row["entries"] for row in rows}
    expected = {("2026-03-02", "granted"): 6, ("2026-03-02", "held"): 1}
    expected[last, "granted"] = expected.get((last, "granted"), 0) + 1
    assert found == expected
    shown = run("count", "--data", data, "--to", "2026-03-04", "--sealed").stdout
    assert [row.split()[1] for row in shown.splitlines()][:1] == ["duress"]


def test_a_day_is_that_of_the_site(data: Path) -> None:
    found = counters(run("find", "--data", data, "--json", "--since", "2026-03-03"))
    assert found == ([8] if (data / "search.db").exists() else [])


def test_mistakes_are_told_in_one_sentence(data: Path, tmp_path: Path) -> None:
    for wrong, sentence in (
        (["find", "--data", data, "!!!"], "no word"),
        (["find", "--data", data, "x" * 300], "at most 200"),
        (["find", "--data", tmp_path / "nowhere"], "no custody log"),
        (["count", "--data", data, "--from", "yesterday"], "no day such as"),
        (["find", "--data", data, "--since", "soon"], "no time such as"),
    ):
        told = run(*wrong)
        assert (told.exit_code, sentence in " ".join(told.stderr.split())) == (2, True), told.output


def test_the_first_and_the_last_day_there_is_can_be_asked_for(data: Path) -> None:
    for asked in (["count", "--to", "0001-01-01"], ["count", "--from", "0001-01-01", "--to", "9999-12-31"]):
        assert run(*asked, "--data", data).exit_code == 0
    for asked in (["--since", "0001-01-01"], ["--until", "9999-12-31"]):
        assert run("find", *asked, "--data", data).exit_code == 0


def test_that_nothing_answers_is_said(data: Path) -> None:
    found = run("find", "--data", data, "--kind", "sael")
    assert (found.exit_code, found.stdout, found.stderr[:22]) == (0, "", "No entry answers that.")
    counted = run("count", "--data", data, "--from", "2027-01-01", "--to", "2027-01-02")
    assert (counted.exit_code, counted.output) == (0, "No entry from 2027-01-01 to 2027-01-02\n")


@pytest.mark.parametrize("words", [("find", "--since", "--until"), ("count", "--from", "--to")])
def test_a_span_that_ends_before_it_begins_is_a_wrong_question(data: Path, words: tuple[str, ...]) -> None:
    command, first, second = words
    asked = run(command, "--data", data, first, "2026-03-03", second, "2026-03-02")
    assert asked.exit_code == 2
    assert "the other way round" in asked.stderr
    with LogReader(data / "custody.db") as reader:
        assert not list(reader.entries(kind="evidence_read"))
