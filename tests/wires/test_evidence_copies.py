"""Copies of a log are shown without an entry, and only real copies are copies."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from controller import keys
from tests.wires.evidence_looks import looks, refused, run


def test_a_copy_is_shown_without_an_entry_and_says_so(data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copy(data / "custody.db", copy)
    for command in ("show", "verify"):
        told = run(command, "--data", copy, "--copy")
        assert told.exit_code == 0
        assert "written down nowhere" in told.stderr
    assert not looks(copy)


@pytest.mark.parametrize("name", [keys.PEPPER, "gate.sock", "log.key"])
def test_a_controllers_own_folder_is_no_copy(data: Path, name: str) -> None:
    (data / name).touch()
    assert "no copy" in refused(run("show", "--data", data, "--copy"))


def test_links_into_a_controllers_own_folder_are_no_copy(data: Path, tmp_path: Path) -> None:
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "custody.db").symlink_to(data / "custody.db")
    assert "no copy" in refused(run("show", "--data", tmp_path / "links", "--copy"))
