"""Badges are made by two people at the desk, and the key they are proved with comes from two halves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path
from select import select
from subprocess import PIPE
from threading import Thread

import pytest

from controller.badge_keys import FRESH, KEY, check_of
from controller.key_halves import new_halves
from controller.ledger.verify import verify
from firmware_shims.cards.desfire import Desfire
from firmware_shims.cards.desfire_lies import Recorder, Torn
from tests.credentials import tapping
from tests.wires.badged import DESK, Badged, blank, blank_tag
from tests.wires.wired import LONG

PAIR = ("--as", "zhao", "--and", "chen")


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Badged]:
    with Badged(tmp_path_factory.mktemp("room")) as room:
        yield room.founded()


def laid(room: Badged, card: Desfire) -> Thread:
    """Somebody lays a card on the desk as soon as the controller asks for one."""

    def lay() -> None:
        room.until(lambda: bool(room.entries("badge_issue_asked", after=before)))
        for _ in range(2):
            room.bench.take(DESK)  # a card counts only once the reader was seen empty
        room.bench.lay(DESK, card)

    before = room.newest
    thread = Thread(target=lay)
    thread.start()
    return thread


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


def test_one_person_alone_brings_no_key_and_makes_no_badge(room: Badged) -> None:
    alone = ("--as", "zhao", "--and", "zhao")
    typed = "\n".join((*new_halves(), ""))
    check, badges = room.child.tell({"look": "wires"})["site_key"], room.view["badges"]
    for refused in (
        room.command("badge", "key", "enter", *alone, typed=typed),
        room.command("badge", "issue", "li", "--level", "desfire", *alone),
        room.command("badge", "issue", "zhao", "--level", "desfire", *PAIR),
    ):
        assert refused.exit_code == 1
        assert "refused:" in refused.output
    assert room.child.tell({"look": "wires"})["site_key"] == check
    assert room.view["badges"] == badges


def test_a_badge_is_issued_listed_and_blocked_by_commands(room: Badged) -> None:
    card = blank()
    hand = laid(room, card)
    issued = room.command("badge", "issue", "li", "--level", "desfire", *PAIR, "--json")
    hand.join()
    room.bench.take(DESK)
    assert issued.exit_code == 0, issued.output
    badge = json.loads(issued.output)["badge"]
    assert badge == tapping.read(card, room.site_keys).token
    listed = room.command("badge", "list", "--json")
    told = {"badge": badge, "holder": "li", "level": "desfire", "blocked": False}
    assert told in [json.loads(line) for line in listed.output.splitlines()]
    assert room.command("badge", "block", badge, "--as", "li").exit_code == 0
    assert "blocked" in room.command("badge", "list").output
    again = room.command("badge", "block", badge, "--as", "li")
    assert (again.exit_code, again.output) == (1, f"badge {badge} is dead already\n")


def test_a_badge_is_blocked_by_the_beginning_of_its_number_in_either_case(room: Badged) -> None:
    badge = room.equip("sun", blank())
    for typed, why in (("DEADBEEF", "no badge DEADBEEF; ironroom badge list"), (badge[:5], "no badge")):
        refused = room.command("badge", "block", typed, "--as", "li")
        assert (refused.exit_code, why in refused.output) == (1, True)
    assert not room.view["badges"][badge]["blocked"]
    blocked = room.command("badge", "block", badge[:8].lower(), "--as", "li")
    assert (blocked.exit_code, blocked.output) == (0, f"badge {badge} of sun is dead\n")
    assert room.entries("badge_blocked")[-1]["person"] == "sun"


def test_a_beginning_that_two_badges_share_blocks_neither(room: Badged) -> None:
    asked = room.child.ask("enrol", "zhao", "chen", person="twin", badges=["04BBCCDD01", "04BBCCDD02"])
    assert asked == {"accepted": True}
    refused = room.command("badge", "block", "04bbcc", "--as", "li")
    assert (refused.exit_code, "2 badges begin with 04bbcc" in refused.output) == (1, True)
    assert not room.view["badges"]["04BBCCDD01"]["blocked"]


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


def test_who_interrupts_the_command_leaves_no_order_open_at_the_desk(room: Badged) -> None:
    words = ["badge", "issue", "wang", "--level", "desfire", *PAIR, "--data", str(room.bench.data)]
    before = room.newest
    command = subprocess.Popen(
        [sys.executable, "-m", "controller", *words], stdout=PIPE, stderr=PIPE, text=True
    )
    with command:
        assert command.stderr
        assert DESK in command.stderr.readline()
        busy = room.command("badge", "issue", "li", "--level", "desfire", *PAIR)
        assert (busy.exit_code, f"{DESK} waits for the card of wang (desfire)" in busy.output) == (1, True)
        command.send_signal(signal.SIGINT)
        told, _ = command.communicate(timeout=LONG)
    assert (command.returncode, "taken it back" in told) == (1, True)
    (end,) = room.entries("badge_not_issued", after=before)
    assert (end["person"], end["level"], end["who"]) == ("wang", "desfire", ["zhao", "chen"])
    assert not room.view["issues"]
    assert room.issue("wang", blank())["kind"] == "badge_issued"


def test_a_badge_known_by_its_number_is_listed_in_red(room: Badged) -> None:
    asked = room.child.ask("enrol", "zhao", "chen", person="old", badges=["04AA"])
    assert asked == {"accepted": True}
    lines = room.command("badge", "list", color=True).output.splitlines()
    assert any(line.startswith("\x1b[31m04AA  old  uid  legacy, may be copied") for line in lines)


def test_a_card_taken_away_too_early_is_no_badge_and_the_command_says_so(room: Badged) -> None:
    card = blank()
    torn = Torn(card, after=5)
    hand = laid(room, torn)  # type: ignore[arg-type]
    refused = room.command("badge", "issue", "wang", "--level", "desfire", *PAIR)
    hand.join()
    room.bench.take(DESK)
    assert refused.exit_code == 1
    assert "no badge was made: the card was taken away" in refused.output
    assert room.issue("wang", card)["kind"] == "badge_issued"


def test_a_doctored_blank_with_the_number_of_a_badge_is_told_nothing(room: Badged) -> None:
    card = blank()
    room.equip("sun", card)
    spy = Recorder(Desfire(card.uid))
    for person in ("wang", "sun"):
        end = room.issue(person, spy)
        assert (end["kind"], end["who"]) == ("badge_not_issued", ["zhao", "chen"])
        assert "already" in end["why"]
    assert not spy.heard


def test_an_ntag_is_made_a_badge_as_well(room: Badged) -> None:
    assert room.issue("wang", blank_tag(), "ntag424")["kind"] == "badge_issued"


def test_who_asks_where_no_controller_runs_gets_a_sentence(tmp_path: Path) -> None:
    room_less = ["badge", "list", "--data", str(tmp_path)]
    told = subprocess.run(
        [sys.executable, "-m", "controller", *room_less], capture_output=True, text=True, check=False
    )
    assert told.returncode == 2
    assert "no controller answers here" in told.stderr


def test_badges_and_key_outlive_a_kill_and_the_log_is_whole(room: Badged) -> None:
    room.equip("sun", blank())
    before = room.view["badges"]
    room.child.kill()
    room.child.start()
    room.ready()
    assert room.view["badges"] == before
    (pending,) = room.show("main.in", "sun", "pending", "refused")
    assert pending["kind"] == "pending"
    assert room.child.stop() == 0
    assert verify(room.log).entries
    room.up()
