"""Tables of the site file that describe wires: clock, inputs and outputs of the site, boards, converters.

Rule: see site_schema.py, which names them all.
"""

from __future__ import annotations

from controller.core.plan import Role, Side
from controller.site_devices import at_address
from controller.site_keys import Key, Table
from controller.site_schema_parts import BOLT, input_key
from controller.site_values import list_of, name, whole

CLOCK = Table(
    "clock",
    "Where the time comes from.",
    (Key("source", at_address("system", "ntp"), "the system clock or an NTP server", device="clock"),),
    named=False,
)
INPUTS = Table(
    "inputs",
    "Inputs of the whole site.",
    (
        input_key("fire", Role.FIRE, "fire panel; active is fire [30]", device="fire"),
        input_key("mains", Role.MAINS, "mains supply; active is lost", device="mains"),
        input_key("battery", Role.BATTERY, "battery of the box; active is low", device="battery"),
        input_key(
            "enclosure", Role.TAMPER, "cover of the controller box; active is open", device="enclosure"
        ),
    ),
    named=False,
)
OUTPUTS = Table(
    "outputs",
    "Outputs of the whole site.",
    (
        Key("siren", BOLT, "siren or guard room bell", device="siren"),
        Key(
            "one_at_a_time",
            list_of(name(), 1, 100),
            "cabinets whose locks hang on one supply: never two of them have current at once",
        ),
        Key(
            "watchdog",
            at_address("watchdog"),
            "hardware watchdog, fed by the loop that decides",
            device="watchdog",
        ),
    ),
    named=False,
)
BOARD = Table(
    "board",
    "An OSDP input board.",
    (Key("address", at_address("osdp"), "where it is", required=True, device=""),),
)
PANEL = Table(
    "panel",
    "A display that tells which signed commands wait or were just carried out; no console has a say in it.",
    (
        Key("address", at_address("osdp"), "where it is", required=True, device=""),
        Key("room", name(), "the room whose commands it tells; without: all rooms", "room"),
        Key("rows", whole(1, 4), "rows of its display"),
        Key("columns", whole(8, 40), "characters in a row"),
    ),
)
CONVERTER = Table(
    "converter",
    "An analogue converter that measures supervised loops; its own supply is measured at one of its inputs.",
    (
        Key("address", at_address("converter"), "where it is", required=True, device=""),
        Key("supply", whole(1, 8), "input that measures the supply of the loops", required=True),
        Key("series_ohm", whole(100, 100_000), "resistor in series with the contact"),
        Key("across_ohm", whole(100, 100_000), "resistor across the contact"),
        Key("pull_ohm", whole(100, 100_000), "resistor from the loop to the supply"),
        Key(
            "tolerance_ppm",
            whole(1500, 50_000),
            "how far from what was learned a loop at rest may measure, in millionths of the supply",
        ),
        Key("supply_mv", whole(1000, 30_000), "what the supply should be, in millivolts"),
        Key("supply_permille", whole(1, 1000), "share of it that its divider lets through to the input"),
        Key("reference_mv", whole(250, 5500), "reference of an MCP3208, in millivolts"),
    ),
)
ENROLMENT = Table(
    "enrolment",
    "The reader on a desk at which cards are made badges.",
    (
        Key(
            "reader",
            at_address("nfc"),
            "the reader; nothing opens at it",
            device="enrolment",
            side=Side.ENROLMENT,
        ),
    ),
    named=False,
)
