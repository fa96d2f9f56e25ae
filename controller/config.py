"""The site file: one text that says what a controller box runs and how; read once, then frozen.

Rule 1: everything wrong is told at once, with file, line, key and what would be right; nothing is half used.
Rule 2: what is right is a value; people, badges and carriers live in the log, secrets in neither.

Format: TOML 1.0, UTF-8, at most 256 Ki characters. ``site.example.toml`` shows every key with its range;
``controller/site_schema.py`` is the list. The digest is SHA-256 over the text with line ends LF.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from controller.core.plan import SitePlan
from controller.device_addresses import Address, ClockAddress
from controller.errors import ConfigError
from controller.site_checks import CHECKS
from controller.site_devices import devices
from controller.site_eyes import eye_settings
from controller.site_faults import WHOLE_FILE, Fault, Faults, near
from controller.site_faults import Path as KeyPath
from controller.site_log import Keeping, LogSettings, keeping, log_settings
from controller.site_plan import build
from controller.site_reading import Sections, read_sections
from controller.site_schema import SITE
from controller.toml_text import DEEPEST, LONGEST_TEXT, Parsed, is_deep, parse
from controller.wire_settings import WireSettings, wire_settings
from recorder.messages.settings import Settings

BUILT_IN = ("example", "passage")
CLOCK, SYSTEM_CLOCK = "clock", "system:"
_SITES = Path(__file__).parent / "sites"


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A site file without fault.

    ``addresses`` maps every device to its URL as written: readers (``main.in``), their own lamps
    (``main.in.lamp``), locks (``main``, ``c1.a``), inputs (``main.contact``, ``fire``), boards (``io1``),
    ``siren`` and ``clock``; ``devices`` maps the same names to parsed addresses, ``cameras`` cameras to URLs.
    ``log``, ``keeping``, ``wires`` and ``eyes`` (for the recorder; None without a camera) are what the
    process, not the core, must know.
    ``text`` is what ``plan.digest`` is the SHA-256 of, in UTF-8.
    """

    plan: SitePlan
    text: str
    name: str
    addresses: Mapping[str, str]
    devices: Mapping[str, Address]
    cameras: Mapping[str, str]
    log: LogSettings
    keeping: Keeping
    wires: WireSettings
    eyes: Settings | None
    legacy_uid: bool


def load(path: Path) -> SiteFile:
    """Read a site file. ConfigError carries one Fault for everything that is wrong."""
    return loads(_text(path), str(path))


def loads(text: str, name: str) -> SiteFile:
    """Read the text of a site file; ``name`` is what faults call it."""
    text = text.replace("\r\n", "\n")
    _check_characters(text, name)
    return _site(parse(text, name), text, name)


def from_table(table: Mapping[str, Any], name: str, lines: Mapping[KeyPath, int] | None = None) -> SiteFile:
    """Make a site of a table that was read already, such as the inline ``[site]`` of a drill.

    The table holds what a site file holds; keys of ``[site]`` may stand in it directly, beside ``door``,
    ``room`` and the others. ``lines`` tells where its keys stand (controller.toml_lines.key_lines and below);
    without it faults are at line 1. The digest is that of the table as JSON with sorted keys.
    """
    if is_deep(table):
        raise ConfigError(
            Fault(name, 1, WHOLE_FILE, "tables are nested too deeply", f"nest at most {DEEPEST}")
        )
    return _site(_gathered(table, lines or {}), _canonical(table), name)


def builtin(name: str) -> Path:
    """The path of a site file that ships with ironroom: ``example`` or ``passage``."""
    if name not in BUILT_IN:
        raise ConfigError(Fault(name, 1, WHOLE_FILE, "there is no such built-in site", near(name, BUILT_IN)))
    return _SITES / f"{name}.toml"


def _site(parsed: Parsed, text: str, name: str) -> SiteFile:
    faults = Faults(name, parsed.lines, partial=bool(parsed.faults))
    for fault in parsed.faults:
        faults.note(fault)
    sections = read_sections(parsed.table, faults)
    if not faults.partial:
        for check in CHECKS:
            check(sections, faults)
    faults.settle()
    return _frozen(sections, text, name)


def _frozen(sections: Sections, text: str, name: str) -> SiteFile:
    plan = build(sections, sha256(text.encode()).hexdigest())
    placed = tuple(devices(sections.every()))
    wired = {d.name: d.placed for d in placed if d.path[0] != "camera"}
    return SiteFile(
        plan,
        text,
        name,
        addresses=MappingProxyType({CLOCK: SYSTEM_CLOCK} | {n: p.url for n, p in wired.items()}),
        devices=MappingProxyType({CLOCK: ClockAddress()} | {n: p.address for n, p in wired.items()}),
        cameras=MappingProxyType({d.name: d.placed.url for d in placed if d.path[0] == "camera"}),
        wires=wire_settings(sections),
        eyes=eye_settings(plan.name, sections.of("camera"), sections.single["recorder"]),
        legacy_uid=bool(sections.site.get("legacy_uid")),
        log=log_settings(plan.name, sections.single["log"], tuple(sections.of("log_witness").values())),
        keeping=keeping(sections.single["keeping"]),
    )


def _gathered(table: Mapping[str, Any], lines: Mapping[KeyPath, int]) -> Parsed:
    """Keys that stand directly in an inline site, put under ``site``."""
    keys = {key.name for key in SITE.keys}
    own = {key: value for key, value in table.items() if key in keys}
    if SITE.kind in table or not own:
        return Parsed(table, lines)
    rest = {key: value for key, value in table.items() if key not in own}
    placed = {(SITE.kind, *path) if path[:1] and path[0] in own else path: n for path, n in lines.items()}
    return Parsed({**rest, SITE.kind: own}, placed)


def _text(path: Path) -> str:
    def refuse(problem: str, remedy: str, line: int = 1) -> ConfigError:
        return ConfigError(Fault(str(path), line, WHOLE_FILE, problem, remedy))

    try:
        if path.is_dir():
            raise refuse("is a folder", "name the site file in it")
        if not path.is_file():
            raise refuse("there is no such file", "name a site file; site.example.toml is one")
        with path.open("rb") as file:
            data = file.read(4 * LONGEST_TEXT + 1)
    except OSError as error:
        raise refuse(f"cannot be read: {error.strerror}", "let this user read it") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise refuse("is not UTF-8 text", "save it as UTF-8", line) from error


def _check_characters(text: str, name: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        fault = Fault(name, line, WHOLE_FILE, "half a character cannot be stored", "save it as UTF-8")
        raise ConfigError(fault) from error


def _canonical(table: Mapping[str, Any]) -> str:
    def written(value: object) -> str:
        return value.isoformat() if isinstance(value, date | time) else str(value)

    return json.dumps(table, sort_keys=True, separators=(",", ":"), default=written)
