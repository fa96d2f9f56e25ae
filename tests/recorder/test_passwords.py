"""Who may be able to read the file of the cameras' passwords."""

from __future__ import annotations

import os
from pathlib import Path
from stat import S_IFREG

import pytest

from recorder.passwords import PasswordsError, _check_private

FILE = Path("/run/credentials/ironroom-recorder.service/cameras")
OTHER = os.geteuid() + 1_000


def status(owner: int, mode: int) -> os.stat_result:
    return os.stat_result((S_IFREG | mode, 1, 1, 1, owner, 0, 0, 0, 0, 0))


@pytest.mark.parametrize(
    ("owner", "mode"),
    [(os.geteuid(), 0o600), (os.geteuid(), 0o400), (0, 0o400), (0, 0o440)],
)
def test_a_file_of_our_own_and_one_that_systemd_lends_are_private(owner: int, mode: int) -> None:
    _check_private(FILE, status(owner, mode))


@pytest.mark.parametrize(
    ("owner", "mode"),
    [(os.geteuid(), 0o640), (0, 0o444), (0, 0o460), (OTHER, 0o600), (OTHER, 0o440)],
)
def test_a_file_that_others_can_read_or_change_is_refused(owner: int, mode: int) -> None:
    with pytest.raises(PasswordsError, match="chmod 600"):
        _check_private(FILE, status(owner, mode))
