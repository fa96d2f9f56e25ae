"""Keys of OSDP devices on the box: two files a device, and one of them is always whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from controller.errors import ConfigError
from controller.reader_keys import ReaderKeys

WHO = "1A2B3C-01-02-00C0FFEE"


def test_a_device_without_a_key_is_given_one_that_nobody_has(tmp_path: Path) -> None:
    keys = ReaderKeys(tmp_path)
    assert not keys.of("main.in").paired
    assert keys.of("main.in").key != keys.of("main.in").key


def test_a_key_that_was_sent_is_pending_and_leaves_the_old_one_in_force(tmp_path: Path) -> None:
    keys, old, new = ReaderKeys(tmp_path), os.urandom(16), os.urandom(16)
    keys.keep("main.in", old, WHO, proved=True)
    keys.keep("main.in", new, "", proved=False)
    pending = keys.pending("main.in")
    assert keys.of("main.in").key == old
    assert pending is not None
    assert (pending.key, pending.identity) == (new, "")


def test_a_proved_key_is_in_force_with_who_was_given_it_although_nobody_was_vouched_for_before(
    tmp_path: Path,
) -> None:
    keys, key = ReaderKeys(tmp_path), os.urandom(16)
    keys.keep("main.in", key, "", proved=False)
    keys.keep("main.in", key, WHO, proved=True)
    again = ReaderKeys(tmp_path)
    assert (again.of("main.in").key, again.of("main.in").identity) == (key, WHO)
    assert again.pending("main.in") is None
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "keys").iterdir()} == {0o600}


@pytest.mark.parametrize("content", ["", "00", "no key at all", "00" * 17])
def test_a_key_file_that_is_none_is_a_sentence(tmp_path: Path, content: str) -> None:
    keys = ReaderKeys(tmp_path)
    keys.keep("main.in", os.urandom(16), WHO, proved=True)
    (tmp_path / "keys" / "main.in.key").write_text(content, encoding="ascii")
    with pytest.raises(ConfigError, match=r"main\.in\.key"):
        keys.of("main.in")
