"""Readers get their keys from two people, and one that is not the one that got it stays refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from firmware_shims.osdp_lies import Lie
from firmware_shims.osdp_peripheral import OsdpPeripheral
from tests.wires.badged import SITE, Badged, blank

PAIR = ("--as", "zhao", "--and", "chen")
NEW, KNOWN = "main.out", "side.in"  # one fresh from its box, one that has a key of this site


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Badged]:
    with Badged(tmp_path_factory.mktemp("room"), SITE, unpaired={NEW}) as room:
        room.founded()
        room.equip("li", blank())
        yield room


def reader(room: Badged, device: str) -> OsdpPeripheral:
    return room.bench.readers.osdp[device].reader


def suspect(room: Badged, device: str) -> bool:
    return any((a["alarm"], a["place"]) == ("device_suspect", device) for a in room.view["alarms"])


def lost_as_suspect(room: Badged, device: str, before: int) -> str:
    """Wait for the news that another device is there; why it is thought so."""

    def told() -> list[str]:
        lost = room.entries("device_lost", after=before)
        return [str(e["why"]) for e in lost if e["place"] == device and e.get("suspect")]

    room.until(lambda: bool(told()) and suspect(room, device), f"suspicion of {device}")
    return told()[0]


def stays_refused(room: Badged, device: str) -> None:
    """It does not come back by itself, and a card before it is nothing."""
    before = room.newest
    reader(room, device).present("04AABBCCDD")
    with room.shut_against(device.partition(".")[0]):
        pass
    assert device in room.view["lost"]
    assert not room.entries("device_back", "pending", "refused", after=before)


def sessions(room: Badged, device: str) -> int:
    for bus in room.child.tell({"look": "wires"})["buses"]:
        for one in bus["devices"]:
            if one["device"] == device:
                return int(one["sessions"])
    return -1


def unpaired(room: Badged) -> list[str]:
    """Devices that the terminal is told to pair."""
    shown = room.command("wires", "show").output.splitlines()
    return [line.split()[0] for line in shown if "not paired: ironroom wires pair" in line]


def honest_again(room: Badged, device: str) -> None:
    room.until(lambda: device not in room.view["lost"], f"{device} back")


def test_a_reader_from_the_factory_answers_nobody_until_two_people_pair_it(room: Badged) -> None:
    assert NEW in room.view["lost"] or sessions(room, NEW) == 0
    assert not reader(room, NEW).secure
    alone = room.command("wires", "pair", NEW, "--as", "zhao", "--and", "zhao")
    assert (alone.exit_code, "refused: needs_second" in alone.output) == (1, True)
    strange = room.command("wires", "pair", "nowhere", *PAIR)
    assert (strange.exit_code, "refused: not_understood" in strange.output) == (1, True)
    room.until(lambda: unpaired(room) == [NEW], "the unpaired reader told as such")
    assert reader(room, NEW).key is None
    paired = room.command("wires", "pair", NEW, *PAIR)
    assert paired.exit_code == 0, paired.output
    identity = room.bench.readers.osdp[NEW].identity
    assert identity in paired.output
    key = reader(room, NEW).key
    assert key is not None
    honest_again(room, NEW)
    assert key.hex() not in room.child.words
    assert key.hex().encode() not in room.log.read_bytes()
    (entry,) = [e for e in room.entries("reader_paired") if e["place"] == NEW]
    assert (entry["who"], entry["identity"]) == (["zhao", "chen"], identity)
    (read,) = room.show(NEW, "li", "granted")
    assert read["who"] == ["li"]


def test_a_reader_gets_a_new_key_over_its_channel_and_keeps_it_after_a_restart(room: Badged) -> None:
    old = reader(room, KNOWN).key
    assert room.command("wires", "pair", KNOWN, *PAIR).exit_code == 0
    new = reader(room, KNOWN).key
    assert new not in {None, old}
    room.child.kill()
    room.up()
    honest_again(room, KNOWN)
    assert reader(room, KNOWN).secure


def test_a_restart_in_the_middle_of_a_pairing_leaves_a_reader_that_can_be_talked_to(room: Badged) -> None:
    assert "accepted" in room.child.ask("pair_reader", "zhao", "chen", device=KNOWN)
    room.child.kill()
    room.up()
    honest_again(room, KNOWN)
    ends = room.entries("reader_paired", "pairing_failed")
    assert ends[-1]["place"] == KNOWN
    assert not room.view["pairings"]
    assert room.command("wires", "pair", KNOWN, *PAIR).exit_code == 0
    honest_again(room, KNOWN)


def test_a_reader_that_is_gone_is_not_paired_and_its_key_stays(room: Badged) -> None:
    before = reader(room, KNOWN).key
    room.bench.lost(KNOWN)
    room.until(lambda: KNOWN in room.view["lost"], "the loss")
    assert "accepted" in room.child.ask("pair_reader", "zhao", "chen", device=KNOWN)
    again = room.command("wires", "pair", KNOWN, *PAIR)
    assert (again.exit_code, "refused: nothing_to_do" in again.output) == (1, True)
    room.child.kill()
    room.bench.back(KNOWN)
    room.up()
    honest_again(room, KNOWN)
    assert reader(room, KNOWN).key == before


def test_a_reader_that_refuses_its_key_is_not_paired_and_the_command_says_why(room: Badged) -> None:
    before = reader(room, KNOWN).key
    reader(room, KNOWN).lie(Lie.NAK)
    refused = room.command("wires", "pair", KNOWN, *PAIR)
    assert refused.exit_code == 1
    assert f"not paired: {KNOWN} " in refused.output
    reader(room, KNOWN).lie(None)
    honest_again(room, KNOWN)
    assert reader(room, KNOWN).key == before


def test_another_reader_with_the_same_key_is_suspect_and_stays_refused(room: Badged) -> None:
    device, before = "side.out", room.newest
    identity = room.bench.readers.osdp[device].identity
    reader(room, device).swap("1A2B3C-01-01-00000666")
    assert "00000666" in lost_as_suspect(room, device, before)
    stays_refused(room, device)
    reader(room, device).swap(identity)
    honest_again(room, device)


@pytest.mark.parametrize(
    ("device", "lie"),
    [(KNOWN, Lie.DEFAULT_KEY), (KNOWN, Lie.WRONG_KEY), ("side.out", Lie.CLEAR_TEXT)],
)
def test_a_reader_that_falls_back_is_suspect_and_stays_refused(room: Badged, device: str, lie: Lie) -> None:
    before = room.newest
    room.child.ask("acknowledge", "zhao", alarm="device_suspect", reason="seen to")
    reader(room, device).lie(lie)
    lost_as_suspect(room, device, before)
    stays_refused(room, device)
    reader(room, device).lie(None)
    honest_again(room, device)


def test_wires_show_tells_of_keys_nothing_but_whether_they_are_there(room: Badged) -> None:
    shown = room.command("wires", "show")
    assert shown.exit_code == 0
    assert "115200 baud" in shown.output
    assert room.site_keys.check_value in shown.output
    keys = [peer.reader.key for peer in room.bench.readers.osdp.values()]
    assert not [key for key in keys if key and key.hex() in shown.output.lower()]
    files = [f for f in (room.bench.data / "keys").iterdir() if f.suffix in {".key", ".pending"}]
    assert {f.stat().st_mode & 0o777 for f in files} == {0o600}


def test_a_device_on_no_bus_of_the_site_cannot_be_paired(room: Badged) -> None:
    told = room.command("wires", "pair", "main.in", *PAIR)
    assert (told.exit_code, "refused: not_understood" in told.output) == (1, True)
    assert "an OSDP device, and main.in is none; there is" in told.output
    assert KNOWN in told.output.partition("there is")[2]


def test_a_reader_that_is_paired_is_never_told_as_one_to_be_paired(room: Badged) -> None:
    if reader(room, NEW).key is None:
        assert room.command("wires", "pair", NEW, *PAIR).exit_code == 0
    room.until(lambda: not unpaired(room), "every reader paired")
    reader(room, KNOWN).lie(Lie.WRONG_KEY)
    room.until(lambda: KNOWN in room.view["lost"], "the loss")
    assert not unpaired(room)
    reader(room, KNOWN).lie(None)
    honest_again(room, KNOWN)
