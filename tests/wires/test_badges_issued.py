"""Badges are made by two people at the desk, listed and blocked."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE
from threading import Thread

import pytest

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
    told = {"badge": badge, "holder": "li", "level": "desfire", "blocked": False, "boxed": False}
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
