"""A magnet locks no room, a siren is no magnet, and a watchdog is a device of the system."""

import json
from pathlib import Path

from click.testing import CliRunner

from controller.cli import main
from tests.config.small import SMALL, faults

OUTER = """
[door.outer]
reader_in = "osdp:///dev/ttyAMA1?address=4"
reader_out = "osdp:///dev/ttyAMA1?address=5"
strike = "gpio:relay/3?power=locks"
contact = "gpio:input/3"
"""


def notes(folder: Path, text: str) -> list[str]:
    """What `ironroom check` says of a file that can be used."""
    file = folder / "site.toml"
    file.write_text(text)
    told = CliRunner().invoke(main, ["check", "--json", str(file)])
    assert told.exit_code == 0, told.output
    found: list[str] = json.loads(told.output)["warnings"]
    return found


def test_a_magnet_on_a_door_into_a_room_is_a_fault() -> None:
    (fault,) = faults(SMALL.replace("gpio:relay/1", "gpio:relay/1?power=locks"))
    assert fault.key == "door.main.strike"
    assert "without current" in fault.problem
    assert "power=opens" in fault.remedy


def test_a_magnet_on_an_outer_door_is_allowed_and_named(tmp_path: Path) -> None:
    assert any("outer" in note and "free without current" in note for note in notes(tmp_path, SMALL + OUTER))
    assert not any("free without current" in note for note in notes(tmp_path, SMALL))


def test_a_magnet_on_a_compartment_is_allowed_and_named(tmp_path: Path) -> None:
    text = SMALL.replace("gpio:relay/2", "gpio:relay/2?power=locks")
    assert any("c1.a" in note and "free without current" in note for note in notes(tmp_path, text))


def test_a_siren_that_would_sound_at_rest_is_a_fault() -> None:
    (fault,) = faults(SMALL + '\n[outputs]\nsiren = "gpio:relay/7?power=locks"\n')
    assert fault.key == "outputs.siren"
    assert "power=locks" in fault.remedy
    assert not faults(SMALL + '\n[outputs]\nsiren = "gpio:relay/7"\n')


def test_a_watchdog_outside_of_dev_is_allowed_and_named(tmp_path: Path) -> None:
    strange = SMALL + '\n[outputs]\nwatchdog = "watchdog:///etc/passwd"\n'
    assert any("/etc/passwd" in note for note in notes(tmp_path, strange))
    assert not any(
        "watchdog" in note for note in notes(tmp_path, strange.replace("/etc/passwd", "/dev/watchdog0"))
    )
