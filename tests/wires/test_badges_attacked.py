"""Whoever comes to a door with something that is not their badge: nothing opens, and the way out stays free.

Everything is real from the reader's wire to the bolt; the attacker is the card, the air or the reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

import pytest

from firmware_shims.cards.desfire import Desfire
from firmware_shims.cards.desfire_lies import Recorder, Replay, Torn
from firmware_shims.cards.ntag424 import Ntag424, Type4Tag
from firmware_shims.room_peers import NfcPeer, TransparentPeer
from hardware.credentials.ntag424 import NTAG424
from tests.credentials import tapping
from tests.credentials.cards import reading
from tests.wires.badged import Badged, blank, blank_tag

DOORS = ("main", "side")  # a PN532 of the box, and an OSDP reader that lets the box talk to the card


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Badged]:
    with Badged(tmp_path_factory.mktemp("room")) as room:
        room.founded()
        room.equip("li", blank())
        room.equip("sun", blank_tag(), "ntag424")
        yield room


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def desfire(room: Badged) -> Desfire:
    card = room.cards["li"]
    assert isinstance(card, Desfire)
    return card


def tag(room: Badged) -> Ntag424:
    card = room.cards["sun"]
    assert isinstance(card, Ntag424)
    return card


def alarm(room: Badged, kind: str, place: str) -> bool:
    return any((one["alarm"], one["place"]) == (kind, place) for one in room.view["alarms"])


def test_a_card_of_another_site_opens_nothing(room: Badged, door: str) -> None:
    with room.shut_against(door):
        stranger = tapping.badge(tapping.OTHER_SITE, blank().uid)
        (no,) = room.show(f"{door}.in", stranger, "refused")
    assert (no["reason"], no["fault"]) == ("not_genuine", "wrong_key")


def test_the_keys_of_one_card_open_nothing_on_another(room: Badged, door: str) -> None:
    with room.shut_against(door):
        moved = tapping.badge(room.site_keys, blank().uid, keys_of=desfire(room).uid)
        (no,) = room.show(f"{door}.in", moved, "refused")
    assert (no["reason"], no["fault"]) == ("not_genuine", "wrong_key")


def test_the_number_of_a_badge_on_a_card_that_proves_nothing_calls_the_guard(room: Badged, door: str) -> None:
    with room.shut_against(door):
        (no,) = room.show(f"{door}.in", desfire(room).uid.hex().upper(), "refused")
    assert no["reason"] == "copied"
    assert alarm(room, "badge_copied", f"{door}.in")


def test_the_answers_a_desfire_once_gave_open_nothing(room: Badged, door: str) -> None:
    tap = Recorder(desfire(room))
    tapping.read(tap, room.site_keys)
    with room.shut_against(door):
        replay = Replay(tap.uid, [said for _, said in tap.heard])
        (no,) = room.show(f"{door}.in", replay, "refused")
    assert no["reason"] == "not_genuine"


def test_a_sun_message_read_off_a_badge_opens_nothing(room: Badged, door: str) -> None:
    tap = Recorder(tag(room))
    reading(NTAG424, tap, room.site_keys)
    ndef = next(said[:-2] for asked, said in tap.heard if asked[1] == 0xB0 and said)
    with room.shut_against(door):
        (no,) = room.show(f"{door}.in", Type4Tag(tap.uid, ndef), "refused")
    assert no["reason"] == "not_genuine"


def test_a_badge_that_counts_back_has_a_double_and_calls_the_guard(room: Badged, door: str) -> None:
    room.walk()
    double = deepcopy(tag(room))
    room.show(f"{door}.in", "sun", "pending")
    with room.shut_against(door):
        (no,) = room.show(f"{door}.in", double, "refused")
    assert no["reason"] == "counter_old"
    assert alarm(room, "badge_copied", f"{door}.in")


def test_a_card_torn_away_in_the_middle_is_silence(room: Badged, door: str) -> None:
    room.walk()
    before = room.newest
    reader = room.bench.readers.all[f"{door}.in"]
    with room.shut_against(door):
        if isinstance(reader, NfcPeer):  # held there, silent, it would be a broken one after three tries
            reader.chip.tear(after=5)
        room.bench.present(f"{door}.in", Torn(desfire(room), after=3))
        assert not room.entries("pending", "refused", "granted", after=before)
    (pending,) = room.show(f"{door}.in", "li", "pending", "granted")
    assert "li" in pending["who"]
    assert not room.entries("refused", after=before)


def test_a_relay_at_the_box_is_late_and_refused(room: Badged) -> None:
    chip = room.bench.readers.nfc["main.in"].chip
    chip.relay(0.07)
    try:
        with room.shut_against("main"):
            (no,) = room.show("main.in", "li", "refused")
    finally:
        chip.relay(0.0)
    assert (no["reason"], no["fault"]) == ("not_genuine", "slow")


def test_a_relay_at_a_reader_on_the_bus_is_late_and_refused(room: Badged) -> None:
    peer = room.bench.readers.osdp["side.in"]
    assert isinstance(peer, TransparentPeer)
    peer.through.habits.delay_s = 0.2
    try:
        with room.shut_against("side"):
            (no,) = room.show("side.in", "li", "refused")
    finally:
        peer.through.habits.delay_s = 0.0
    assert (no["reason"], no["fault"]) == ("not_genuine", "slow")


def test_two_cards_at_once_are_refused_as_such(room: Badged) -> None:
    before = room.newest
    with room.shut_against("main"):
        room.bench.lay("main.in", desfire(room), tag(room))
        (no,) = room.written("refused", after=before)
        room.bench.take("main.in")
    assert (no["reason"], no["fault"]) == ("not_genuine", "two_cards")


def test_a_bare_card_whose_number_is_nobodys_opens_nothing(room: Badged, door: str) -> None:
    with room.shut_against(door):
        (no,) = room.show(f"{door}.in", room.bench.token(f"nobody's at {door}"), "refused")
    assert no["reason"] in {"unknown_badge", "level_too_low"}
