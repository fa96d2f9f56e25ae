"""The console as another user, with the right to read the log, to speak to the controller, and no other."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.console.house import House
from tests.web.running import NOBODY, Running, everybody_reads_us, running

UNREADABLE = "The log cannot be read"
MAY_NOT = "The console may not speak to the controller"
IS_ROOT = os.geteuid() == 0 and everybody_reads_us()
"""As an ordinary user the console stays itself: then it has rights that nothing here takes from it."""


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """A house whose folder another user can reach; the data belong to a group that is the console's too."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        more = ("--console-user", "nobody") if IS_ROOT else ()
        with House(Path(folder), *more) as made:
            if IS_ROOT:
                os.chown(made.data, -1, NOBODY)
                made.data.chmod(0o2750)
            made.founded("zhao")
            yield made


@pytest.fixture(scope="module")
def console(house: House) -> Iterator[Running]:
    with running(house, nobody=True) as made:
        yield made


def test_it_is_another_user_and_shows_every_page(console: Running) -> None:
    for pid in console.family():
        uids = Path(f"/proc/{pid}/status").read_text().partition("Uid:")[2].split()[:4]
        assert set(uids) == {str(NOBODY if IS_ROOT else os.geteuid())}
    for page in ("/now", "/review", "/proof", "/account"):
        status, text, _ = console.get(page)
        assert (page, status, UNREADABLE in text) == (page, 200, False)
    assert console.post("/now/lockdown", "reason=fire&key=k1")[0] == 303
    assert console.house.entries("lockdown")


def test_it_can_read_of_the_folder_what_it_shows_and_nothing_else(house: House, console: Running) -> None:
    assert console.get("/now")[0] == 200
    shown = {"custody.db", "custody.db-wal", "custody.db-shm", "search.db", "search.db-wal", "search.db-shm"}
    open_to_it = {one.name for one in house.data.iterdir() if one.is_file() and one.stat().st_mode & 0o044}
    assert open_to_it <= shown
    assert not {one for one in house.data.iterdir() if one.is_file() and one.stat().st_mode & 0o027}


def test_it_holds_no_file_open_for_writing_and_makes_none(console: Running) -> None:
    before = sorted(one.name for one in console.data.iterdir())
    for page in ("/now", "/review", "/proof", "/account"):
        console.get(page)
    assert sorted(one.name for one in console.data.iterdir()) == before
    held = {file for pid in console.family() for file in written(pid) if file.startswith("/")}
    strange = {file for file in held if not file.startswith("/dev/") and "(deleted)" not in file}
    # SQLite opens a WAL for writing where the user may, and never writes to one of a mode=ro connection.
    beside = {f"{name}-{part}" for name in ("custody.db", "search.db") for part in ("wal", "shm")}
    assert strange <= (set() if IS_ROOT else {str(console.log.with_name(name)) for name in beside})


def test_a_right_that_is_missing_is_said_in_words_and_missed_no_longer_once_it_is_given(house: House) -> None:
    with without_rights(house.data) as taken, running(house, nobody=True) as console:
        assert (UNREADABLE in console.get("/review")[1]) is IS_ROOT
        assert console.get("/now")[0] == 200
        taken()
        console.becomes("/review", 200)
        assert UNREADABLE not in console.get("/review")[1]
        assert "Traceback" not in console.said


def test_a_folder_that_is_closed_to_it_is_said_in_words_until_it_is_opened(house: House) -> None:
    before = house.data.stat().st_mode & 0o7777
    house.data.chmod(0o700)
    try:
        with running(house, nobody=True) as console:
            status, text, _ = console.get("/now")
            heading = text.partition("<h1")[2].partition("</h1>")[0]
            assert (status, MAY_NOT in heading) == ((503, True) if IS_ROOT else (200, False))
            assert "may have been done" not in text
            house.data.chmod(before)
            console.becomes("/now", 200)
            console.becomes("/alive", 204)
            assert "Traceback" not in console.said
    finally:
        house.data.chmod(before)


@contextmanager
def without_rights(data: Path) -> Iterator[Callable[[], None]]:
    """The log is closed to all but its owner, until what is given is called."""
    modes = {one: one.stat().st_mode & 0o777 for one in data.glob("custody.db*")}

    def given() -> None:
        for one, mode in modes.items():
            one.chmod(mode)

    for one in modes:
        one.chmod(0o600)
    try:
        yield given
    finally:
        given()


def written(pid: int) -> Iterator[str]:
    """Files that a process holds open for writing (proc(5), fd and fdinfo)."""
    for one in Path(f"/proc/{pid}/fdinfo").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile: it is not held
            told = dict(line.split(":", 1) for line in one.read_text().splitlines() if ":" in line)
            if int(told["flags"], 8) & os.O_ACCMODE != os.O_RDONLY:
                yield str(Path(f"/proc/{pid}/fd/{one.name}").readlink())
