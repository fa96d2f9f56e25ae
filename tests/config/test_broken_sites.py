"""Every file in broken/ says itself what is wrong with it: ``#! key: phrase`` stands on the faulty line."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from controller.check_command import check_command
from controller.config import load
from controller.errors import ConfigError
from controller.site_faults import Fault

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.toml"))
MARK = re.compile(r"#!\s*(\S+): (.*?)\s*(?=#!|$)")


def expected(file: Path) -> dict[tuple[int, str], str]:
    """Line and key of every fault that the file announces, with a phrase of what would be right."""
    lines = file.read_text(encoding="utf-8").splitlines()
    marks = [(n, m) for n, line in enumerate(lines, 1) for m in MARK.finditer(line)]
    return {(n, mark[1]): mark[2] for n, mark in marks}


def faults_of(file: Path) -> list[Fault]:
    with pytest.raises(ConfigError) as refused:
        load(file)
    assert refused.value.exit_code == 2
    assert all(isinstance(fault, Fault) for fault in refused.value.args)
    return list(refused.value.args)


def test_there_are_at_least_forty_broken_files() -> None:
    assert len(BROKEN) >= 40


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_every_fault_of_a_broken_file_is_told_with_its_line_its_key_and_what_would_be_right(
    file: Path,
) -> None:
    faults, wanted = faults_of(file), expected(file)
    assert sorted((fault.line, fault.key) for fault in faults) == sorted(wanted)
    for fault in faults:
        assert fault.file == str(file)
        assert wanted[fault.line, fault.key] in fault.remedy


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_check_ends_with_2_and_one_line_a_fault(file: Path) -> None:
    result = CliRunner().invoke(check_command, [str(file)])
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    lines = result.output.splitlines()
    assert len(lines) == len(faults_of(file))
    assert all(re.fullmatch(rf"{re.escape(str(file))}:\d+: \S+: .+; .+", line) for line in lines)


def test_faults_are_told_in_the_order_of_the_lines() -> None:
    lines = [fault.line for fault in faults_of(Path(__file__).parent / "broken" / "everything_at_once.toml")]
    assert len(lines) > 5
    assert lines == sorted(lines)
