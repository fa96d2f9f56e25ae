"""Who may import whom: the house stands on these directions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("controller", "recorder", "hardware", "firmware_shims", "web", "bench")

# What a file may import of ours, by the longest prefix of its module name.
ALLOWED: dict[str, tuple[str, ...]] = {
    "controller.core": ("controller.core",),
    "controller.ledger": ("controller.ledger", "controller.errors"),
    "controller.ledger.commands": ("controller.ledger", "controller.errors", "controller.evidence_reading"),
    "controller.ledger.search.commands": (
        "controller.ledger",
        "controller.errors",
        "controller.evidence_reading",
    ),
    # On a second box, which has no room: heads, keys and one folder are all it knows.
    "controller.log_witness": (
        "controller.log_witness",
        "controller.ledger.formats",
        "controller.ledger.private",
        "controller.ledger.proofs",
        "controller.ledger.replacing",
        "controller.ledger.terminal",
        "controller.errors",
    ),
    "controller": ("controller",),
    "controller.cli": ("controller", "bench.commands", "web.commands", "web.tls_commands"),
    "controller.inbox": ("controller", "hardware.signals"),
    "controller.board": ("controller", "hardware.signals"),
    "controller.controller_process": ("controller", "hardware.signals"),
    "controller.wiring": ("controller", "hardware"),
    "controller.wiring_events": ("controller", "hardware.signals"),
    "controller.wiring_parts": ("controller", "hardware"),
    "controller.life": ("controller", "hardware.alive", "hardware.notify", "hardware.watchdog"),
    "controller.badge_keys": ("controller", "hardware.credentials.site_keys"),
    # The controller's end of the recorder's line; of the recorder it knows messages, seal and caption.
    "controller.eyes": ("controller", "recorder.messages", "recorder.seal", "recorder.caption"),
    "controller.config": ("controller", "recorder.messages"),
    "controller.site_eyes": ("controller", "recorder.messages"),
    "controller.picture_evidence": ("controller", "recorder.seal"),
    "controller.console.photo_seals": ("controller", "recorder.seal"),
    # The demo says in advance what would be missing for its cameras.
    "controller.demo_eyes": ("controller", "hardware.cameras.libraries"),
    "controller.demo_keys": ("controller", "hardware.cameras.libraries"),
    "controller.demo_room": ("controller", "hardware.cameras.libraries"),
    "controller.recorder_command": ("controller", "recorder"),
    # A process of its own that no one trusts: it knows cameras and its line, not the room.
    "recorder": ("recorder", "hardware.cameras"),
    "recorder.messages": ("recorder.messages", "hardware.cameras.areas"),
    "recorder.seal": ("recorder.seal",),
    "recorder.caption": ("recorder.caption", "recorder.messages"),
    # A process of its own that no one trusts: it reads the log, and asks the controller for everything else.
    "web": (
        "web",
        "controller.core.words",
        "controller.core.legible",
        "controller.core.sentences",
        "controller.core.sentences_zh",
        "controller.core.console_roles",
        "controller.core.documents",
        "controller.core.mrz",
        "controller.core.unseen",
        "controller.core.visit_words",
        "controller.ledger",
        "controller.errors",
        "controller.console.client",
        "controller.console.lines",
    ),
    "hardware": ("hardware",),
    "firmware_shims": (
        "firmware_shims",
        "hardware.osdp",
        "hardware.signals",
        "hardware.pins",
        "hardware.sntp",
    ),
    "bench": ("bench", "controller", "recorder", "hardware", "firmware_shims", "web"),
}
# The commands that put a room of shims beside a controller; production never imports a shim.
STAGERS = (
    "controller.wire_eyes",
    "controller.wire_room",
    "controller.wire_stage",
    "controller.rehearse_command",
    "controller.demo_command",
    "controller.demo_cameras",
    "controller.demo_room",
    "controller.demo_badges",
)
ON_DEMAND = re.compile(r"[a-z_]+(\.[a-z_]+)+:[a-z_]+").fullmatch
OUTSIDE_OF_CORE = {
    "socket",
    "threading",
    "time",
    "os",
    "sqlite3",
    "subprocess",
    "random",
    "asyncio",
    "logging",
}


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            parts = file.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts).removesuffix(".__init__"), file


def imported(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and ON_DEMAND(node.value):
            names.add(node.value.split(":")[0])  # of a command that is imported when it is called for
    return names


def ours(name: str) -> bool:
    return name.split(".", maxsplit=1)[0] in PACKAGES


def within(name: str, prefixes: tuple[str, ...]) -> bool:
    return any(name == p or name.startswith(f"{p}.") or p.startswith(f"{name}.") for p in prefixes)


@pytest.mark.parametrize(("module", "file"), list(modules()))
def test_a_module_imports_only_what_its_floor_may_see(module: str, file: Path) -> None:
    key = max((k for k in ALLOWED if module == k or module.startswith(f"{k}.")), key=len)
    allowed = ALLOWED[key] + (("firmware_shims", "hardware.signals") if module in STAGERS else ())
    strange = {name for name in imported(file) if ours(name) and not within(name, allowed)}
    assert not strange, f"{module} may not import {sorted(strange)}"


@pytest.mark.parametrize(("module", "file"), [m for m in modules() if m[0].startswith("controller.core")])
def test_the_core_is_pure(module: str, file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    roots = {name.split(".")[0] for name in imported(file)}
    assert not roots & OUTSIDE_OF_CORE, module
    calls = {ast.unparse(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    assert not calls & {"open", "print", "datetime.now", "datetime.utcnow", "date.today"}, module


def test_a_command_that_is_imported_on_demand_counts_as_an_import() -> None:
    assert {"bench.commands", "controller.run_command"} <= imported(ROOT / "controller" / "cli.py")


def test_production_knows_no_simulation() -> None:
    for module, file in modules():
        if module.startswith(("hardware", "controller.core", "controller.ledger")):
            assert "firmware_shims" not in file.read_text(encoding="utf-8"), module


def test_no_shell_is_ever_started() -> None:
    for module, file in modules():
        text = file.read_text(encoding="utf-8")
        assert "shell=True" not in text, module
        assert "os.system" not in text, module


def test_every_file_opens_with_its_law() -> None:
    for module, file in modules():
        text = file.read_text(encoding="utf-8")
        if text.strip():
            assert ast.get_docstring(ast.parse(text)), module
