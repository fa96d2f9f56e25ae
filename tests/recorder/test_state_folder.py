"""The folder of references: what lies in it is believed of every camera, so nobody else may write there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import recorder
from recorder.pulse import NEEDS_PEOPLE
from recorder.references import References
from recorder.state_folder import StateFolderError, make

NAME = "door.reference"


def test_a_new_folder_is_its_owners_alone(tmp_path: Path) -> None:
    make(tmp_path / "a" / "state")
    make(tmp_path / "a" / "state")
    assert (tmp_path / "a" / "state").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o770, 0o702])
def test_a_recorder_does_not_begin_with_a_folder_that_others_can_write(
    tmp_path: Path, mode: int, capsys: pytest.CaptureFixture[str]
) -> None:
    tmp_path.chmod(mode)
    with pytest.raises(StateFolderError, match="chmod 700"):
        make(tmp_path)
    assert recorder.main(tmp_path / "eyes.sock", state=tmp_path) == NEEDS_PEOPLE
    assert "can be written by others" in capsys.readouterr().err


def test_a_file_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    with pytest.raises(StateFolderError, match="cannot be used as a folder"):
        make(tmp_path / "state")


def test_a_pipe_or_a_link_in_the_place_of_a_reference_is_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / NAME)
    assert References(tmp_path).load("door", ()) is None
    (tmp_path / NAME).unlink()
    (tmp_path / NAME).symlink_to("/dev/zero")
    assert References(tmp_path).load("door", ()) is None
