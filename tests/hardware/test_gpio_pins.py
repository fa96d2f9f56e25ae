import pytest

from hardware import pins
from hardware.pins import PINS, InputZone, Pin, PinError, Pull
from hardware.signals import Level


def test_no_pin_serves_two_lines() -> None:
    numbers = [pin.bcm for pin in PINS.values()]
    assert len(numbers) == len(set(numbers))
    assert set(numbers) <= set(range(28))


def test_the_built_in_sites_need_no_pin_that_the_pi_may_want_for_a_bus() -> None:
    relays = [f"relay/{n}" for n in range(1, 8)]
    zones = [f"{kind}/{n}" for n in range(1, 7) for kind in ("input", "trouble")]
    lamp = [f"lamp/1/{part}" for part in ("red", "green", "sounder")]
    assert not {0, 1, 2, 3, 14, 15} & {PINS[name].bcm for name in relays + zones + lamp}


def test_reserved_pins_come_last_and_say_what_for() -> None:
    reserved = {name for name, pin in PINS.items() if pin.bcm in {0, 1, 2, 3, 14, 15}}
    assert reserved == {"relay/8", "input/7", "trouble/7", "input/8", "trouble/8"}
    assert all(PINS[name].shared_with for name in reserved)


def test_a_relay_rests_while_the_pi_starts() -> None:
    relays = [pin for name, pin in PINS.items() if name.startswith("relay/")]
    assert len(relays) == 8
    # BCM 9 to 27 are pulled down at reset, so an active-high relay stays without current.
    assert all(pin.active_high and 9 <= pin.bcm <= 27 for pin in relays)


def test_a_lead_torn_off_reads_as_cut() -> None:
    zone = pins.zone("input/1")
    assert all(pin.pull is Pull.UP for pin in zone.pins)
    bits = tuple(pin.is_on(1) for pin in zone.pins)
    assert pins.ZONE_LEVELS[bits[0], bits[1]] is Level.CUT


@pytest.mark.parametrize(
    ("bits", "level"),
    [
        ((False, False), Level.NORMAL),
        ((True, False), Level.ACTIVE),
        ((True, True), Level.CUT),
        ((False, True), Level.SHORT),
    ],
)
def test_two_relays_of_a_supervision_module_say_four_levels(bits: tuple[bool, bool], level: Level) -> None:
    assert pins.ZONE_LEVELS[bits] is level
    assert pins.zone_bits(level) == bits


@pytest.mark.parametrize("active_high", [True, False])
def test_polarity_is_applied_both_ways(active_high: bool) -> None:
    pin = Pin("x", 17, active_high=active_high)
    assert pin.level(on=True) == int(active_high)
    assert all(pin.is_on(pin.level(on=on)) is on for on in (True, False))


def test_an_unknown_name_is_answered_with_the_near_ones() -> None:
    with pytest.raises(PinError, match="relay/1"):
        pins.output("realy/1")
    with pytest.raises(PinError, match="there is"):
        pins.zone("zone 51")
    with pytest.raises(PinError, match="lamp/1/red"):
        pins.lamp("lamp/2", "main.in")


@pytest.mark.parametrize("filter_ms", [0, -1, 201, 400])
def test_a_filter_that_could_hide_400_ms_is_refused(filter_ms: int) -> None:
    with pytest.raises(PinError, match="1 to 200"):
        InputZone("door", PINS["input/1"], filter_ms=filter_ms)


def test_a_line_goes_by_the_name_of_the_site_file_or_its_own() -> None:
    assert pins.output("relay/1", "main.strike").line == "main.strike"
    assert pins.output("relay/1").line == "relay/1"
    assert pins.zone("input/2", "north").line == "north"
