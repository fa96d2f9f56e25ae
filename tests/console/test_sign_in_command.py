"""``ironroom sign-in code``: a code that is said once, and only where the controller agrees."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from controller.sign_in_commands import sign_in_group
from tests.console.house import House


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("code")) as house:
        yield house.founded("zhao", "chen")


def run(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(sign_in_group, ["code", *arguments, "--data", str(data)])


def test_a_code_opens_the_way_and_stands_in_no_log(house: House) -> None:
    done = run(house.data, "--person", "li", "--by", "zhao", "--second", "chen", "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["person"], told["minutes"]) == (0, "li", 15)
    assert "options" in house.tell("set_up_begin", person="li", code=told["code"])
    assert told["code"] not in json.dumps(house.entries())


def test_a_code_is_printed_alone_so_that_it_can_be_read_out(house: House) -> None:
    done = run(house.data, "--person", "wang", "--by", "zhao", "--second", "chen")
    assert done.exit_code == 0
    assert len(done.stdout.strip().split("-")) == 4
    assert "wang" in done.stderr


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--person", "li"], "needs_second"),
        (["--person", "ghost", "--by", "zhao", "--second", "chen"], "not_allowed"),
    ],
)
def test_a_refusal_is_told_and_no_code_is(house: House, options: list[str], reason: str) -> None:
    done = run(house.data, *options)
    assert (done.exit_code, done.stdout) == (1, "")
    assert reason in done.stderr


def test_without_a_controller_there_is_no_code(tmp_path: Path) -> None:
    done = run(tmp_path, "--person", "li")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "no controller answers" in done.stderr
