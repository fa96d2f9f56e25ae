"""Floods at the console's line: many guesses at the same moment, much said by one person, many challenges.

Each attack speaks to the desk as a console that was taken over, or as a browser nobody knows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from threading import Barrier, Thread

import pytest

from controller.console.client import ConsoleClient
from controller.console.factors import MOST_OFFERS
from controller.console.handles import MOST, Handles
from controller.console.lockout import AT_ONCE, IN_A_ROW, Lockout
from controller.console.ration import ORDINARY, PURSES, SIGNING_IN, URGENT, Ration
from controller.console.refusals import NoError
from tests.console.authenticator import SoftKey
from tests.console.clock import Clock
from tests.console.house import LONG, ORIGIN, RP_ID, House

GUESSES = 24


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("floods")) as house:
        yield house.founded("zhao", "chen", "li", "wang")


def test_many_guesses_at_the_same_moment_are_no_more_than_one_after_another(house: House) -> None:
    start, told = Barrier(GUESSES), list[str]()

    def guess() -> None:
        with ConsoleClient(house.data / "console.sock", LONG) as client:
            start.wait(LONG)
            said = {"do": "sign_in_password", "person": "li", "password": "not this one, no", "seat": "lobby"}
            told.append(str(client.tell(said)["refused"]))

    before = house.newest
    threads = [Thread(target=guess) for _ in range(GUESSES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert len(told) == GUESSES
    assert told.count("wrong") < IN_A_ROW
    entries = house.entries("sign_in_refused", after=before)
    assert sum(entry["times"] for entry in entries) <= IN_A_ROW
    assert house.tell("who", token=house.sign_in("li"))["person"] == "li", "the passkey is not locked"


def test_what_is_looked_at_counts_as_wrong_until_it_is_known() -> None:
    lockout = Lockout(Clock())
    for _ in range(IN_A_ROW - 2):
        lockout.wrong("li")
    with lockout.one("li") as first, lockout.one("li") as second, lockout.one("li") as third:
        assert (first, second) == (0, 0)
        assert third > 0
    with lockout.one("li") as again:
        assert again == 0


def test_a_flood_of_all_names_leaves_most_threads_of_the_desk_free() -> None:
    lockout = Lockout(Clock())
    held = [lockout.one(f"name {n}") for n in range(AT_ONCE)]
    assert [one.__enter__() for one in held] == [0] * AT_ONCE
    with lockout.one("zhao") as wait_s:
        assert wait_s > 0
    held[0].__exit__(None, None, None)
    with lockout.one("zhao") as wait_s:
        assert wait_s == 0
    for one in held[1:]:
        one.__exit__(None, None, None)


def test_nobody_fills_the_log_with_refusals(house: House) -> None:
    before, told = house.newest, list[str]()
    for _ in range(PURSES[URGENT].full * 2):
        said = {"ask": "lockdown", "fields": {"reason": "x" * 2_000, "person": "y" * 190}, "key": ""}
        told.append(str(house.as_("wang", "ask", **said)["refused"]))
    assert {*told} == {"not_allowed", "too_many"}
    assert len(house.entries("refused", after=before)) == told.count("not_allowed") < len(told)


def test_nobody_fills_the_log_with_looks_and_a_guard_can_still_act(house: House) -> None:
    house.sign_in("li")
    before, told = house.newest, list[str]()
    for _ in range(PURSES[ORDINARY].full * 2):
        told.append(str(house.as_("li", "look", what="feed", filter="f" * 400, words="").get("refused")))
    assert {*told} == {"None", "too_many"}
    assert len(house.entries("evidence_read", after=before)) == told.count("None") < len(told)
    assert house.as_("chen", "look", what="feed", filter="", words="")["accepted"], "nobody else is held up"
    wanted = {"ask": "lockdown", "fields": {"reason": "drill"}, "key": ""}
    assert house.as_("li", "ask", **wanted)["accepted"], "danger has a purse of its own"


def test_a_purse_fills_again_and_no_further() -> None:
    clock = Clock()
    ration, purse = Ration(clock), PURSES[SIGNING_IN]

    def paid() -> int:
        for n in range(purse.full * 2):
            try:
                ration.require("li", SIGNING_IN)
            except NoError:
                return n
        return purse.full * 2

    assert paid() == purse.full
    clock.now += int(purse.each_s) * 3
    assert paid() == 3
    clock.now += int(purse.each_s) * purse.full * 5
    assert paid() == purse.full


def test_challenges_that_nobody_named_asks_for_take_no_signature_from_anybody(house: House) -> None:
    asked = house.propose("zhao", "recount", room="vault", inside=[])
    for _ in range(5_000):
        house.tell("passkey_options")
    assert "waits" in house.sign("zhao", asked)
    assert house.as_("zhao", "withdraw", command=asked["command"]) == {"accepted": True}


def test_a_flood_of_one_purpose_makes_room_in_its_own_alone() -> None:
    handles = Handles(Clock())
    signature, first = handles.give("sign", "command"), handles.give("passkey", "first")
    for _ in range(MOST):
        handles.give("passkey", "more")
    assert handles.take(first, "passkey") is None
    assert handles.take(signature, "sign") == "command"


def test_offering_passkeys_again_and_again_fills_no_file(house: House) -> None:
    def kept(table: str) -> int:
        with sqlite3.connect(f"file:{house.data / 'console.sqlite'}?mode=ro", uri=True) as file:
            return int(file.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - our own

    house.sign_in("wang")
    before = kept("counter")
    for _ in range(MOST_OFFERS * 3):
        begun, key = house.as_("wang", "passkey_begin"), SoftKey(ORIGIN, RP_ID)
        said = {"handle": begun["handle"], "credential": key.create(begun["options"]), "label": "x"}
        assert house.as_("wang", "passkey_finish", **said)["accepted"]
    assert (kept("offer"), kept("counter")) == (MOST_OFFERS, before + MOST_OFFERS)
