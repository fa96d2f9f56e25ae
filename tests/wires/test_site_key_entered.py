"""The key that badges are proved with comes from two halves, typed unseen by two people."""

from __future__ import annotations

import os
import subprocess
import sys
import termios
from collections.abc import Iterator
from select import select

import pytest

from controller.badge_keys import FRESH, KEY, check_of
from controller.key_halves import new_halves
from tests.wires.badged import Badged, blank
from tests.wires.wired import LONG

PAIR = ("--as", "zhao", "--and", "chen")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Badged]:
    with Badged(tmp_path_factory.mktemp("room")) as room:
        yield room.founded()


def on_a_terminal(room: Badged, words: list[str], typed: list[str]) -> tuple[str, int]:
    """Run a command on a terminal of its own, answer each prompt; all that stood on the screen, exit code."""
    ours, theirs = os.openpty()
    command = ["setsid", "--ctty", "--wait", sys.executable, "-m", "controller", *words]
    command += ["--data", str(room.bench.data)]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    screen = b""
    while select([ours], [], [], LONG)[0]:
        try:
            screen += os.read(ours, 4096)
        except OSError:  # the other end is closed (EIO)
            break
        if typed and screen.rstrip().endswith(b":"):
            room.until(lambda: not termios.tcgetattr(ours)[3] & termios.ECHO, "a terminal that shows nothing")
            os.write(ours, typed.pop(0).encode() + b"\n")
            screen += b"\n"
    os.close(ours)
    return screen.decode(), process.wait(LONG)


def test_two_people_type_their_halves_unseen_and_no_file_but_the_keys_own_knows_them(room: Badged) -> None:
    halves = new_halves()
    room.halves = halves
    meant = ("--replace", check_of(halves))
    screen, code = on_a_terminal(room, ["badge", "key", "enter", *PAIR, *meant], list(room.halves))
    assert code == 0, screen
    assert f"the site key {room.site_keys.check_value} is in force" in screen
    entry = room.entries("site_key_set")[-1]
    assert entry["check"] == room.site_keys.check_value
    secrets = [room.halves[0][:9], room.halves[1][:9], room.site_keys.secret.hex()[:9]]
    spellings = [s.upper() for s in secrets] + [s.replace(" ", "").upper() for s in secrets]
    assert not [s for s in spellings if s in screen.upper()]
    assert not [s for s in spellings if s in room.child.words.upper()]
    for file in room.bench.data.rglob("*"):
        if file.is_file() and file.name not in {KEY, "reserve"}:
            content = file.read_bytes()
            assert room.site_keys.secret not in content, file
            assert not [s for s in spellings if s.encode() in content.upper()], file
    assert (room.bench.data / KEY).stat().st_mode & 0o777 == 0o600


def test_a_mistyped_half_is_asked_for_again_and_a_half_typed_twice_is_no_key(room: Badged) -> None:
    one, _ = room.halves
    typed = f"{one[:-1]}\n{one}\n{one}\n"
    refused = room.command("badge", "key", "enter", *PAIR, typed=typed)
    assert refused.exit_code == 1
    assert "does not fit" in refused.output or "16 groups" in refused.output
    assert "same half twice" in refused.output
    assert one[:9] not in refused.output


def test_two_halves_that_do_not_belong_together_replace_no_key_unless_that_is_said(room: Badged) -> None:
    room.equip("sun", blank())
    old, (mine, _), (other, _) = room.site_keys.check_value, room.halves, new_halves()
    wrong = check_of((mine, other))
    live = [b for b in room.view["badges"].values() if b["level"] == "desfire" and not b["blocked"]]
    refused = room.command("badge", "key", "enter", *PAIR, typed=f"{mine}\n{other}\n")
    assert refused.exit_code == 1
    for told in (old, f"--replace {wrong}", f"{len(live)} badge"):
        assert told in refused.output
    assert room.entries("refused")[-1]["reason"] == "other_site_key"
    assert room.child.tell({"look": "wires"})["site_key"] == old
    assert not (room.bench.data / FRESH).exists()
    same = room.command("badge", "key", "enter", *PAIR, typed="\n".join((*room.halves, "")))
    assert same.exit_code == 0, same.output
    meant = room.command(
        "badge", "key", "enter", *PAIR, "--replace", wrong.lower(), typed=f"{mine}\n{other}\n"
    )
    assert (meant.exit_code, f"the site key {wrong} is in force" in meant.output) == (0, True)
    assert "accepted" in room.enter_key(replace=old)


def test_nobody_types_a_half_for_people_who_may_not_bring_the_key(room: Badged) -> None:
    for people in (("--as", "zhao", "--and", "zhao"), ("--as", "zhao", "--and", "nobody")):
        refused = room.command("badge", "key", "enter", *people)
        assert (refused.exit_code, "refused:" in refused.output) == (1, True)
        assert "Half of" not in refused.output
