"""What is shipped for the system around the controller says what the product does."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

import pytest

from controller.cli import main
from hardware.watchdog import SHORTEST_S

DEPLOY = Path(__file__).parents[1] / "deploy"
UNIT = DEPLOY / "ironroom.service"
EYES = DEPLOY / "ironroom-recorder.service"
HARDENED = (
    *("NoNewPrivileges", "ProtectHome", "PrivateTmp", "ProtectKernelTunables", "ProtectKernelModules"),
    *("ProtectControlGroups", "RestrictNamespaces", "RestrictSUIDSGID", "MemoryDenyWriteExecute"),
)


def unit(file: Path = UNIT) -> ConfigParser:
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(file, encoding="utf-8")
    return parser


@pytest.mark.parametrize("file", [UNIT, EYES], ids=lambda file: str(file.stem))
def test_a_service_runs_a_command_that_exists_with_options_that_exist(file: Path) -> None:
    words = unit(file)["Service"]["ExecStart"].split()
    command = main.commands[words[1]]
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options


def test_the_service_is_told_of_life_oftener_than_it_waits_and_starts_again_whatever_happened() -> None:
    service = unit()["Service"]
    assert service["Type"] == "notify"
    assert int(service["WatchdogSec"]) >= SHORTEST_S
    assert service["Restart"] == "always"


@pytest.mark.parametrize("file", [UNIT, EYES], ids=lambda file: str(file.stem))
def test_a_service_is_its_own_user_and_may_do_nothing_else(file: Path) -> None:
    service = unit(file)["Service"]
    assert service["User"] == file.stem
    assert service["CapabilityBoundingSet"] == ""
    assert all(service[key] == "yes" for key in HARDENED)
    assert service["ProtectSystem"] == "strict"


def test_the_service_lets_a_reader_on_usb_be_found() -> None:
    service = unit()["Service"]
    assert "AF_NETLINK" in service["RestrictAddressFamilies"].split()  # libusb_init fails without it
    assert "DeviceAllow=char-usb_device rw" in UNIT.read_text(encoding="utf-8").splitlines()


def test_controller_and_recorder_meet_at_one_socket_as_two_users() -> None:
    words = unit()["Service"]["ExecStart"].split()
    line = unit(EYES)["Service"]["ExecStart"].split()
    assert words[words.index("--eyes") + 1] == line[line.index("--line") + 1]
    assert words[words.index("--recorder-user") + 1] == unit(EYES)["Service"]["User"]


def test_the_recorder_has_bounds_of_its_own_and_does_not_see_the_evidence() -> None:
    service = unit(EYES)["Service"]
    assert {"MemoryMax", "CPUQuota", "TasksMax"} <= set(service)
    assert service["InaccessiblePaths"] == f"-{unit()['Service']['ExecStart'].split()[5]}"
    assert service["RestrictAddressFamilies"] == "AF_UNIX AF_INET AF_INET6"
