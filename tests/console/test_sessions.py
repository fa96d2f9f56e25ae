"""Sessions: what is kept of a token, how long it lasts, and that it survives the controller."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from controller.console.sessions import ABSOLUTE_MS, IDLE_MS, MOST, Sessions
from controller.console.store import FILE, Store
from controller.errors import ConfigError, LogExposed
from tests.console.clock import Clock

CHIEF = ("chief",)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(store: Store, clock: Clock) -> Sessions:
    return Sessions(store, clock)


def begun(sessions: Sessions, person: str = "zhao") -> str:
    return sessions.begin(person, CHIEF, "passkey", "desk")[0]


def test_a_token_is_whose_it_was_given_to(sessions: Sessions) -> None:
    zhao, li = begun(sessions), begun(sessions, "li")
    found = sessions.of(zhao), sessions.of(li)
    assert [one and one.person for one in found] == ["zhao", "li"]
    assert sessions.of("") is None
    assert sessions.of(zhao[:-1]) is None


def test_no_token_stands_in_the_file(sessions: Sessions, tmp_path: Path) -> None:
    token = begun(sessions)
    octets = b"".join(file.read_bytes() for file in tmp_path.glob(f"{FILE}*"))
    assert b"zhao" in octets
    assert token.encode() not in octets


def test_a_session_ends_after_an_hour_without_its_person(sessions: Sessions, clock: Clock) -> None:
    token = begun(sessions)
    clock.now += IDLE_MS - 1
    assert sessions.of(token)
    clock.now += IDLE_MS - 1
    assert sessions.of(token, quiet=True), "the hour began anew"
    clock.now += 1
    assert sessions.of(token) is None


def test_looking_by_itself_keeps_nobody_signed_in(sessions: Sessions, clock: Clock) -> None:
    token = begun(sessions)
    for _ in range(6):
        clock.now += IDLE_MS // 6
        ended = sessions.of(token, quiet=True) is None
    assert ended


def test_a_session_ends_after_twelve_hours_whatever_is_done(sessions: Sessions, clock: Clock) -> None:
    token, since = begun(sessions), clock.now
    while clock.now - since < ABSOLUTE_MS - IDLE_MS // 2:
        clock.now += IDLE_MS // 2
        assert sessions.of(token)
    clock.now = since + ABSOLUTE_MS
    assert sessions.of(token) is None


def test_a_session_survives_the_controller(sessions: Sessions, store: Store, clock: Clock) -> None:
    token = begun(sessions)
    clock.now += 5 * 60_000
    assert sessions.of(token)
    again = Sessions(store, clock)
    found = again.of(token)
    assert found
    assert (found.person, found.roles, found.seen) == ("zhao", CHIEF, clock.now)


def test_an_ended_session_stays_ended_after_a_restart(sessions: Sessions, store: Store, clock: Clock) -> None:
    token = begun(sessions)
    found = sessions.of(token)
    assert found
    assert sessions.end(found.id) == found
    assert sessions.of(token) is None
    assert Sessions(store, clock).of(token) is None
    assert sessions.end(found.id) is None


def test_a_proof_gives_another_token_and_ends_the_one_before(sessions: Sessions, clock: Clock) -> None:
    token = begun(sessions)
    clock.now += 600_000
    fresh = sessions.proved(token)
    found = sessions.of(fresh)
    assert sessions.of(token) is None
    assert found
    assert found.fresh == clock.now
    assert sessions.proved("nobody's") == ""


def test_one_session_too_many_ends_the_oldest(sessions: Sessions, clock: Clock) -> None:
    tokens = []
    for _ in range(MOST + 1):
        clock.now += 1
        tokens.append(begun(sessions))
    assert sessions.of(tokens[0]) is None
    assert all(sessions.of(token) for token in tokens[1:])


def test_what_is_over_is_swept_once(sessions: Sessions, clock: Clock) -> None:
    begun(sessions)
    assert sessions.sweep() == []
    clock.now += IDLE_MS
    assert [one.person for one in sessions.sweep()] == ["zhao"]
    assert sessions.sweep() == []


def test_the_file_is_the_controllers_own(store: Store, tmp_path: Path) -> None:
    assert store.rows("SELECT count(*) FROM session")[0] == (0,)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    (tmp_path / FILE).chmod(0o644)
    with pytest.raises(LogExposed, match="chmod 600"):
        Store(tmp_path)


def test_half_a_change_is_none(store: Store) -> None:
    def half() -> None:
        with store.whole():
            store.do("INSERT INTO counter VALUES (?, ?)", "c", 1)
            raise KeyError

    with pytest.raises(KeyError):
        half()
    assert store.one("SELECT * FROM counter") is None


def test_a_damaged_file_is_told_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database at all" * 500)
    (tmp_path / FILE).chmod(0o600)
    with pytest.raises(ConfigError, match="move it away"):
        Store(tmp_path)
