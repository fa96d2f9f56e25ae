"""`ironroom check`: everything wrong with a site file at once. Rule: reads only, and never a traceback.

Exit codes: 0 the file can be used, 2 it cannot.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from controller.config import SiteFile, load
from controller.errors import ConfigError
from controller.ledger.token_url import FILE
from controller.site_faults import Fault, printable
from controller.site_magnets import DEVICES, magnets, strange_watchdogs

UID_MAY_BE_COPIED = "badges known by their uid are let in: legacy, may be copied"


@click.command("check", short_help="Tell everything that is wrong with a site file.")
@click.argument("site", type=click.Path(path_type=Path), metavar="SITE.TOML")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check_command(site: Path, *, as_json: bool) -> None:
    """Tell everything that is wrong with a site file, or what it describes.

    A fault is one line: file, line, key, what is wrong, what would be right. Nothing is started.
    The exit code is 0 when the file can be used and 2 when it cannot.

    \b
    Example:  ironroom check site.toml
    """  # noqa: D301 - click wants the character itself, not the two that write it
    try:
        found = load(site)
    except ConfigError as error:
        click.echo(faults_as_json(error) if as_json else str(error))
        sys.exit(error.exit_code)
    click.echo(_as_json(found) if as_json else _as_text(found))


def faults_as_json(error: ConfigError) -> str:
    """One JSON object: ``{"ok": false, "faults": [{"file", "line", "key", "problem", "remedy"}, …]}``."""
    faults = [asdict(fault) for fault in error.args if isinstance(fault, Fault)]
    return json.dumps({"ok": False, "faults": faults})


def counts(site: SiteFile) -> dict[str, int]:
    """How many of each thing a site has."""
    plan = site.plan
    return {
        "rooms": len(plan.rooms),
        "doors": len(plan.doors),
        "windows": len(plan.windows),
        "cabinets": len(plan.cabinets),
        "compartments": sum(len(cabinet.compartments) for cabinet in plan.cabinets.values()),
        "readers": len(plan.readers),
        "inputs": sum(name in site.addresses for name in plan.inputs),
        "cameras": len(plan.cameras),
        "panels": len(plan.panels),
    }


def warnings(site: SiteFile) -> list[str]:
    """What is allowed and still worth a thought."""
    return [
        *([UID_MAY_BE_COPIED] if site.legacy_uid else []),
        *(f"{name} is free without current (power=locks)" for name in magnets(site.devices)),
        *(f"the watchdog {path} is not under {DEVICES}" for path in strange_watchdogs(site.devices)),
    ]


def _as_text(site: SiteFile) -> str:
    things = ", ".join(f"{n} {what if n != 1 else what[:-1]}" for what, n in counts(site).items())
    lines = [f"{site.name}: site {site.plan.name}: {things}", _log(site), f"policy {site.plan.digest}"]
    red = [click.style(printable(f"note: {warning}"), fg="red", bold=True) for warning in warnings(site)]
    return "\n".join([*(printable(line) for line in lines), *red])


def _log(site: SiteFile) -> str:
    witnesses = ", ".join(one.name for one in site.log.witnesses) or "nobody"
    place = "a file" if site.log.key == FILE else "a token"
    return f"log {site.log.origin}, its key in {place}, cosigned by {witnesses}"


def _as_json(site: SiteFile) -> str:
    told = {"ok": True, "file": site.name, "site": site.plan.name, "policy": site.plan.digest}
    log = {"log": site.log.origin, "log_witnesses": [one.name for one in site.log.witnesses]}
    return json.dumps({**told, **counts(site), **log, "warnings": warnings(site)})
