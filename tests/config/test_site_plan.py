"""What is written becomes what the core runs on."""

from datetime import UTC, date, datetime, time

import pytest

from controller.config import load, loads
from controller.core.plan import (
    CabinetPlan,
    DoorPlan,
    Mode,
    Passback,
    Role,
    RoomPlan,
    Side,
    SitePlan,
    Together,
)
from controller.core.schedule import ALWAYS, Schedule, Window
from controller.device_addresses import BoardAddress, ClockAddress, GpioAddress, OsdpAddress
from controller.device_urls import LEVELS
from tests.config.small import SMALL, faults, site, small
from tests.config.test_site_schema import SAMPLE

FULL = load(SAMPLE)


def test_what_is_not_written_is_as_the_core_has_it() -> None:
    plan = site().plan
    assert plan.rooms["vault"] == RoomPlan("vault", duty=ALWAYS)
    assert plan.doors["main"] == DoorPlan("main", "vault", levels=LEVELS, has_bolt=False)
    assert plan.cabinets["c1"] == CabinetPlan("c1", "vault", ("a",), levels=LEVELS)
    bare = SitePlan("small", zone=plan.zone)
    same = (
        "settle_ms",
        "chatter_limit",
        "chatter_ms",
        "walk_ms",
        "attempts",
        "penalty_ms",
        "refusals",
        "pin_ms",
        "refusal_ms",
    )
    assert [getattr(plan, name) for name in same] == [getattr(bare, name) for name in same]
    assert (plan.drift_ms, plan.signal_ms) == (bare.drift_ms, bare.signal_ms)


def test_what_the_sample_writes_as_default_is_the_default() -> None:
    vault, plain = FULL.plan.rooms["vault"], RoomPlan("")
    for name in (
        "lone_ms",
        "max_occupancy",
        "strict_pairs",
        "approval_ms",
        "custodian_first",
        "visitors_per_host",
    ):
        assert getattr(vault, name) == getattr(plain, name)
    main, bare = FULL.plan.doors["main"], DoorPlan("")
    for name in ("unlock_ms", "held_ms", "prealarm_ms", "bolt_ms", "passback", "egress_wait_ms"):
        assert getattr(main, name) == getattr(bare, name)
    for name in ("settle_ms", "chatter_limit", "chatter_ms", "walk_ms", "attempts", "penalty_ms", "refusals"):
        assert getattr(FULL.plan, name) == getattr(SitePlan(""), name)
    records = FULL.plan.doors["records"]
    assert (records.passback_ms, records.delay_window_ms) == (bare.passback_ms, bare.delay_window_ms)
    assert FULL.plan.rooms["archive"].absence_ms == plain.absence_ms


def test_numbers_become_milliseconds() -> None:
    door = site("door.main", "window_s = 7", "unlock_s = 4.5", "held_s = 20", "delay_min = 2").plan.doors[
        "main"
    ]
    assert (door.together.window_ms, door.unlock_ms, door.held_ms, door.delay_ms) == (
        7_000,
        4_500,
        20_000,
        120_000,
    )
    assert site("site", "walk_s = 2.3").plan.walk_ms == 2_300


def test_rules_about_acting_together_reach_door_and_cabinet() -> None:
    assert FULL.plan.doors["main"].together == Together(
        groups=("custodian", "supervisor"), witness="auditor", pair_per_week=5
    )
    assert FULL.plan.cabinets["c1"].together == Together(
        groups=("custodian", "custodian"), different_departments=True, dual_readers=True
    )
    cabinet = FULL.plan.cabinets["c1"]
    assert (cabinet.authorisers, cabinet.authoriser_post) == (1, "supervisor")


def test_how_long_one_may_stay_alone_depends_on_the_mode() -> None:
    zone = site("room.vault", "lone_s = 10").plan.rooms["vault"]
    room = site("room.vault", "lone_s = 120", 'mode = "integrity"').plan.rooms["vault"]
    assert (zone.mode, zone.lone_ms) == (Mode.NO_LONE_ZONE, 10_000)
    assert (room.mode, room.absence_ms) == (Mode.INTEGRITY, 120_000)


def test_an_interlock_written_at_one_door_holds_for_both() -> None:
    assert FULL.plan.doors["main"].interlock == ("outer",)
    assert FULL.plan.doors["outer"].interlock == ("main",)
    assert FULL.plan.doors["records"].interlock == ()


def test_a_vault_door_has_its_delay_its_hours_and_its_readers() -> None:
    records = FULL.plan.doors["records"]
    assert (records.delay_ms, records.time_lock) == (900_000, FULL.plan.schedules["office"])
    assert (records.passback, records.confirm_by_reader, records.has_bolt) == (Passback.TIMED, True, False)
    sides = {r.name: r.side for r in FULL.plan.readers.values() if r.at == "records"}
    assert sides == {
        "records.in": Side.IN,
        "records.in2": Side.IN,
        "records.out": Side.OUT,
        "records.confirm": Side.CONFIRM,
    }
    assert FULL.plan.readers["c1.reader2"].at == "c1"


def test_hours_have_windows_holidays_and_extra_workdays() -> None:
    assert FULL.plan.schedules["office"] == Schedule(
        "office",
        (Window(frozenset(range(5)), time(8), time(18)),),
        frozenset({date(2026, 10, 1), date(2026, 10, 2)}),
        frozenset({date(2026, 10, 10)}),
    )
    night = FULL.plan.schedules["night"]
    assert night.is_open(datetime(2026, 3, 3, 5, 59, tzinfo=UTC))
    assert not night.is_open(datetime(2026, 3, 3, 6, 0, tzinfo=UTC))
    assert night.is_open(datetime(2026, 3, 7, 12, 0, tzinfo=UTC))
    assert FULL.plan.schedules["always"] is ALWAYS


def test_a_window_has_bars_glass_and_vibration() -> None:
    north = {name: plan.role for name, plan in FULL.plan.inputs.items() if plan.at == "north"}
    assert north == {
        "north.contact": Role.CONTACT,
        "north.bars": Role.CONTACT,
        "north.glass": Role.GLASS,
        "north.vibration": Role.VIBRATION,
    }


def test_devices_are_understood_addresses() -> None:
    assert FULL.devices["siren"] == GpioAddress("relay", 7)
    assert FULL.devices["clock"] == ClockAddress("192.0.2.1", 123, 60)
    assert FULL.devices["io1"] == OsdpAddress("/dev/ttyAMA1", 100)
    assert FULL.devices["fire"] == BoardAddress("io1", 1)
    assert site().devices["clock"] == ClockAddress()


def test_windows_line_ends_and_a_byte_order_mark_change_no_policy() -> None:
    assert loads(SMALL.replace("\n", "\r\n"), "x").plan == loads(SMALL, "x").plan


def test_every_changed_character_is_another_policy() -> None:
    assert loads(SMALL + "# x\n", "x").plan.digest != loads(SMALL, "x").plan.digest


def test_a_compartment_may_be_called_by_a_number() -> None:
    text = SMALL.replace("compartment.a", "compartment.01")
    assert loads(text, "x").plan.locks == ("main", "c1.01")


@pytest.mark.parametrize("name", ["a" * 33, "-a", "A", "ä", "a b", "a/b", ""])
def test_a_name_that_the_log_could_not_hold_is_refused(name: str) -> None:
    text = SMALL + f'[camera."{name}"]\nurl = "rtsp://192.0.2.1/x"\n'
    assert [fault.line for fault in faults(text)] == [SMALL.count("\n") + 1]


def test_the_small_site_is_without_fault() -> None:
    assert faults(small()) == []
