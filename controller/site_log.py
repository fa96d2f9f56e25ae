"""The log's part of a site file: its name and key, who cosigns it, and how long what is kept.

Rule: nothing here is secret; the signing key itself is a file of the controller or stays in its token.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from controller.errors import FormatRefused
from controller.ledger.formats.verifier_key import ED25519, VerifierKey, require_name
from controller.ledger.token_url import FILE, SCHEME, parse_place
from controller.site_faults import Faults, Path, shown
from controller.site_keys import Key, Section, Table
from controller.site_values import Value, seconds, whole

_HOST = r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:]{2,45}\])"
_URL = re.compile(rf"https?://{_HOST}(?::[1-9][0-9]{{0,4}})?(?:/[A-Za-z0-9_.~-]+)*")
_URL_RIGHT = 'an address such as "https://witness.bank.example" or "http://192.0.2.20:7380"'
_DAYS, _LONGEST = 180, 36_500  # behaviour 63; a hundred years


@dataclass(frozen=True, slots=True)
class LogWitness:
    """A machine that cosigns the log: where it is asked, and the key it signs with."""

    name: str
    url: str
    vkey: VerifierKey


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What the log calls itself in its heads, where its signing key is, and who cosigns.

    ``key`` is ``file`` or the URL of a token (RFC 7512): where a key is made when one is.
    How many must cosign, and how soon, the core asks: ``plan.log_witnesses``.
    """

    origin: str = "ironroom"
    key: str = FILE
    witnesses: tuple[LogWitness, ...] = ()


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long what is kept, in days; room on the disk in MB; hours between two backups. Registers stay."""

    log_days: int = 3_650
    alarm_days: int = 3_650
    picture_days: int = 180
    reserve_mb: int = 64
    announce_free_mb: int = 1_024
    backup_hours: int = 24


def _origin() -> Value:
    right = "a name without spaces and plus signs, at most 255 bytes, such as bank.example/vault-1"

    def take(raw: object, at: Path, faults: Faults) -> str | None:
        if isinstance(raw, str) and raw.isprintable() and _is_name(raw):
            return raw
        faults.add(at, f"{shown(raw)} cannot stand in a signed head", f"write {right}")
        return None

    return Value(right, take)


def _is_name(text: str) -> bool:
    try:
        require_name(text)
    except FormatRefused:
        return False
    return True


def _key() -> Value:
    right = (
        '"file", or the address of a token: '
        '"pkcs11:token=vault?module-path=/usr/lib/…/libsofthsm2.so&pin-source=file:/etc/ironroom/pin"'
    )

    def take(raw: object, at: Path, faults: Faults) -> str | None:
        if isinstance(raw, str) and "pin-value" in raw:
            faults.add(at, "a PIN does not stand in a site file", "write pin-source=file:… in its place")
        elif raw == FILE:
            return FILE
        elif isinstance(raw, str) and raw.startswith(SCHEME):
            return _token(raw, at, faults, right)
        else:
            faults.add(at, f"{shown(raw)} is no place of a key", f"write {right}")
        return None

    return Value(right, take)


def _token(raw: str, at: Path, faults: Faults, right: str) -> str | None:
    try:
        parse_place(raw)
    except FormatRefused as error:
        faults.add(at, str(error), f"write {right}")
        return None
    return raw


def _url() -> Value:
    def take(raw: object, at: Path, faults: Faults) -> str | None:
        if not isinstance(raw, str) or not _URL.fullmatch(raw) or not _has_port(raw):
            faults.add(at, f"{shown(raw)} is no address of a log witness", f"write {_URL_RIGHT}")
            return None
        if reason := _leaves_the_house(raw):
            faults.add(at, f"{shown(raw)}: {reason}", f"write {_URL_RIGHT}")
            return None
        return raw

    return Value(_URL_RIGHT, take)


def _has_port(url: str) -> bool:
    try:
        return urlsplit(url).port != 0 and bool(urlsplit(url).hostname)
    except ValueError:  # beyond 65,535, or no IPv6 address
        return False


def _leaves_the_house(url: str) -> str:
    """Why the address is not of this house's own network; a name is believed with a certificate only."""
    host = urlsplit(url).hostname or ""
    try:
        inside = ip_address(host).is_private
    except ValueError:
        named_here = url.startswith("https:") or host == "localhost"
        return "" if named_here else "a name is only believed with https"
    return "" if inside else "it is outside of the house's own network"


def _vkey() -> Value:
    right = "the verifier key that the log witness prints: NAME+8 hex digits+base64"

    def take(raw: object, at: Path, faults: Faults) -> VerifierKey | None:
        try:
            vkey = VerifierKey.parse(raw if isinstance(raw, str) else "")
        except FormatRefused as error:
            faults.add(at, str(error), f"write {right}")
            return None
        if vkey.algorithm == ED25519:
            faults.add(at, "this is the key of a log, and not of a log witness", f"write {right}")
            return None
        return vkey

    return Value(right, take)


LOG = Table(
    "log",
    "The custody log: what it is called, what signs it, and how much may go unwitnessed.",
    (
        Key("origin", _origin(), "the log's name in its signed heads; without: that of the site"),
        Key("key", _key(), "where the signing key is"),
        Key("witnesses_needed", whole(1, 9), "so many log witnesses make an Entry witnessed", "needed"),
        Key("unwitnessed_max", whole(1, 1_000_000), "more Entries not witnessed are an alarm", "most"),
        Key("unwitnessed_s", seconds(10, 86_400), "an Entry not witnessed for longer is one", "late_ms"),
    ),
    named=False,
)
LOG_WITNESS = Table(
    "log_witness",
    "A machine elsewhere that cosigns the log's heads (C2SP tlog-witness).",
    (
        Key("url", _url(), "where it is asked, in the house's own network", required=True),
        Key("vkey", _vkey(), "the key it cosigns with", required=True),
    ),
)
KEEPING = Table(
    "keeping",
    "How long what is kept [63]; register entries are kept without limit.",
    (
        Key("log_days", whole(_DAYS, _LONGEST), "Entries", "log_days"),
        Key("alarm_days", whole(_DAYS, _LONGEST), "Entries about alarms", "alarm_days"),
        Key("picture_days", whole(_DAYS, _LONGEST), "pictures", "picture_days"),
        Key("reserve_mb", whole(16, 65_536), "room on the disk that belongs to the log alone", "reserve_mb"),
        Key("announce_free_mb", whole(64, 1_048_576), "less room than this is announced", "announce_free_mb"),
        Key("backup_hours", whole(1, 720), "time from one backup to the next", "backup_hours"),
    ),
    named=False,
)


def log_settings(site: str, log: Section, witnesses: tuple[Section, ...]) -> LogSettings:
    """Settings of a log whose tables are without fault; ``site`` is the site's name."""
    own = "-".join(site.replace("+", " ").split())
    found = tuple(LogWitness(one.name, one.get("url"), one.get("vkey")) for one in witnesses)
    return LogSettings(log.get("origin", own), log.get("key", FILE), found)


def keeping(section: Section) -> Keeping:
    """What is kept for how long, by a table without fault."""
    return Keeping(**section.values)
