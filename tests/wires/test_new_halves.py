"""Two fresh halves on a real terminal: each on a screen of its own, and nowhere else."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from contextlib import suppress

import pytest

from controller.badge_keys import check_of
from controller.key_halves import half_of, joined

COMMAND = [sys.executable, "-m", "controller", "badge", "key", "new"]
HALF = re.compile(rb"(?:[0-9A-F]{4} ){15}[0-9A-F]{4}-[0-9A-F]{4}")
SCREEN = re.compile(rb"\x1b\[\?1049h(.*?)\x1b\[2J\x1b\[3J\x1b\[H\x1b\[\?1049l", re.DOTALL)


@pytest.fixture
def shown() -> bytes:
    """Everything the terminal got, with Enter pressed wherever it is asked for."""
    leader, follower = pty.openpty()
    with subprocess.Popen(COMMAND, stdin=follower, stdout=follower, stderr=follower) as child:
        os.close(follower)
        got = b""
        with suppress(OSError):  # how a terminal says that nobody is there any more
            while data := os.read(leader, 4096):
                got += data
                os.write(leader, b"\n" * data.count(b"Press Enter"))
        assert child.wait(60) == 0
    os.close(leader)
    return got


def test_each_half_is_on_a_screen_that_nobody_can_scroll_back_to(shown: bytes) -> None:
    screens = SCREEN.findall(shown)
    assert [len(HALF.findall(screen)) for screen in screens] == [1, 1]
    assert not HALF.search(SCREEN.sub(b"", shown))


def test_the_halves_shown_make_a_key(shown: bytes) -> None:
    one, other = (half_of(found.decode()) for found in HALF.findall(shown))
    assert len(joined(one, other)) == 32


def test_each_half_is_numbered_with_the_check_value_of_the_key_that_both_make(shown: bytes) -> None:
    one, other = (found.decode() for found in HALF.findall(shown))
    check = check_of((one, other)).encode()
    for number, screen in enumerate(SCREEN.findall(shown), 1):
        assert b"half %d of 2 \xc2\xb7 key %s: write this on the envelope" % (number, check) in screen
    after = SCREEN.sub(b"", shown).rsplit(b"\n", 2)[-2]
    assert check in after
    assert b"ironroom badge key enter" in after


def test_halves_are_not_written_into_a_pipe() -> None:
    piped = subprocess.run(COMMAND, capture_output=True, text=True, check=False, timeout=60)
    assert piped.returncode == 2
    assert piped.stdout == ""
    assert "terminal" in piped.stderr
