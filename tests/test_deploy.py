"""What is shipped for the system around the controller says what the product does."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

from controller.cli import main
from hardware.watchdog import SHORTEST_S

UNIT = Path(__file__).parents[1] / "deploy" / "ironroom.service"
HARDENED = (
    *("NoNewPrivileges", "ProtectHome", "PrivateTmp", "ProtectKernelTunables", "ProtectKernelModules"),
    *("ProtectControlGroups", "RestrictNamespaces", "RestrictSUIDSGID", "MemoryDenyWriteExecute"),
)


def unit() -> ConfigParser:
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(UNIT, encoding="utf-8")
    return parser


def test_the_service_runs_a_command_that_exists_with_options_that_exist() -> None:
    words = unit()["Service"]["ExecStart"].split()
    command = main.commands[words[1]]
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_the_service_is_told_of_life_oftener_than_it_waits_and_starts_again_whatever_happened() -> None:
    service = unit()["Service"]
    assert service["Type"] == "notify"
    assert int(service["WatchdogSec"]) >= SHORTEST_S
    assert service["Restart"] == "always"


def test_the_service_is_its_own_user_and_may_do_nothing_else() -> None:
    service = unit()["Service"]
    assert service["User"] == "ironroom"
    assert service["CapabilityBoundingSet"] == ""
    assert all(service[key] == "yes" for key in HARDENED)
    assert service["ProtectSystem"] == "strict"


def test_the_service_lets_a_reader_on_usb_be_found() -> None:
    service = unit()["Service"]
    assert "AF_NETLINK" in service["RestrictAddressFamilies"].split()  # libusb_init fails without it
    assert "DeviceAllow=char-usb_device rw" in UNIT.read_text(encoding="utf-8").splitlines()
