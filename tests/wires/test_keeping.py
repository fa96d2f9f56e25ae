"""A running controller keeps its rules: what is erased is nowhere, what is old goes, and doors never wait."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.config import load
from controller.core.events import Asking, BadgeRead, Started, TimePassed
from controller.core.site import Site
from controller.keys import pepper
from controller.ledger.custody_log import CustodyLog
from controller.ledger.reading import LogReader
from controller.ledger.search.finder import Finder
from controller.ledger.search.question import Question
from controller.ledger.verify import verify
from controller.loop import Loop
from controller.start import keep
from tests.keeping.house import DAY, NoHands
from tests.wires.wired import PEOPLE, SITE, WALL_MS, Wired

NAME, DOCUMENT = "Annabel Quittenbaum", "E4711-0815-XZ"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Wired]:
    with Wired(tmp_path) as room:
        yield room.founded()


def spellings(*texts: str) -> list[bytes]:
    """How a text may lie in a file: plain, lower, and in base64 at each of its three places."""
    found = []
    for text in texts:
        found += [text.encode(), text.lower().encode()]
        for code in (b64encode, urlsafe_b64encode):
            for lead in range(3):
                letters = code(bytes(lead) + text.encode()).rstrip(b"=")
                found.append(letters[(0, 2, 3)[lead] : -1])
    return found


def traces(room: Wired, *texts: str) -> set[str]:
    """Files of the controller in which one of the texts is to be found."""
    files = [one for one in room.log.parent.rglob("*") if one.is_file() and one.name != "reserve"]
    return {one.name for one in files for found in spellings(*texts) if found in one.read_bytes()}


def found(room: Wired, words: str) -> list[object]:
    with Finder(room.log) as finder:
        return [entry["n"] for entry in finder.find(Question(words=words)).entries]


def test_of_a_visitor_whom_two_erased_no_byte_is_left_anywhere(room: Wired) -> None:
    said = room.child.ask(
        "enrol", "li", "wang", person="v17", visitor=True, host="li", name=NAME, document=DOCUMENT
    )
    assert said["accepted"], said
    every = (NAME, DOCUMENT, *NAME.split())
    room.until(lambda: {"custody", "search"} <= {name[: name.index(".")] for name in traces(room, *every)})
    assert found(room, "quittenbaum")
    room.child.stop()
    room.up()
    assert traces(room, NAME)
    assert room.child.ask("check_out", "li", visitor="v17")["accepted"]
    assert room.child.ask("erase_person", "li", "wang", person="v17", reason="asked")["accepted"]
    assert not found(room, "quittenbaum")
    room.until(lambda: not traces(room, *every), f"the end of every trace: {traces(room, *every)}")
    room.child.stop()
    assert not traces(room, *every)
    assert verify(room.log).entries == room.newest + 1


def old_log(room: Wired, days: int) -> int:
    """What the room wrote in so many days before this test, a stranger a day; how many entries."""
    site = load(room.bench.site)
    with CustodyLog.open(room.log, origin="example") as log:
        keep(room.log.parent, site)
        loop = Loop(Site(site.plan, pepper(room.log.parent)), log, NoHands())
        people = {p: {**f, "badges": [room.bench.token(b) for b in f["badges"]]} for p, f in PEOPLE.items()}
        begun = WALL_MS - days * DAY
        loop.turn([Started(0, begun, site.plan.digest), Asking(0, "found", "", "", {"people": people})])
        for day in range(days):
            loop.turn([BadgeRead(day * DAY + n, "main.in", f"stranger {day} {n}") for n in range(10)])
        loop.turn([TimePassed(days * DAY)])
        return log.size


def test_a_running_controller_prunes_what_is_old_and_goes_on_after_a_kill(tmp_path: Path) -> None:
    keeping = "\n[keeping]\nlog_days = 180\nalarm_days = 180\n"
    with Wired(tmp_path, SITE + keeping) as room:
        size = old_log(room, 400)
        room.up()
        room.written("pruned", after=size - 1)
        room.child.kill()
        room.up()
        assert room.tap("main.in", "B1", "pending")
        room.until(lambda: pruned(room) >= 220 * 10, "the end of pruning")
        assert {e["person"]["id"] for e in room.entries("enrolled")} == set(PEOPLE)
        room.child.stop()
        assert verify(room.log).entries == room.newest + 1
        assert (room.log.parent / "reserve").stat().st_size == 64_000_000


def pruned(room: Wired) -> int:
    with LogReader(room.log) as reader:
        return sum("pruned" in entry and "kind" not in entry for entry in reader.entries(sealed=True))
