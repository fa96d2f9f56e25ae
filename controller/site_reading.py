"""From raw tables to sections: every table of the file, checked key by key, each on its own.

Rule: what one table says about another is not looked at here; site_checks.py does that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from controller.site_faults import Faults, Path, near, shown
from controller.site_keys import Section, Table, read_section
from controller.site_schema import CABINET, COMPARTMENT, NAMED, SINGLE, TABLES
from controller.site_values import NAME, NAME_RIGHT

ALWAYS = "always"  # hours that need no description

HOMES: Mapping[str, str] = {key.name: table.heading for table in reversed(TABLES) for key in table.keys}

Named = Mapping[str, Section]


@dataclass(frozen=True, slots=True)
class Sections:
    """All tables of one site file, by kind and name; compartments by ``cabinet.compartment``."""

    site: Section
    single: Named
    kinds: Mapping[str, Named] = field(default_factory=dict)

    def of(self, kind: str) -> Named:
        """The tables of one kind."""
        return self.kinds.get(kind, {})

    def every(self) -> Iterator[Section]:
        """Every table: the single ones, then kind by kind."""
        yield from self.single.values()
        for named in self.kinds.values():
            yield from named.values()

    def compartments(self, cabinet: str) -> tuple[str, ...]:
        """Short names of a cabinet's compartments, in the order of the file."""
        boxes = self.of(COMPARTMENT.kind).values()
        return tuple(str(box.path[-1]) for box in boxes if box.path[1] == cabinet)

    def interlock(self, door: str) -> tuple[str, ...]:
        """Doors that never open together with this one, whichever of them says so."""
        doors = self.of("door")
        own = doors[door].get("interlock", ())
        return (*own, *(d for d in doors if d not in own and door in doors[d].get("interlock", ())))


def read_sections(table: Mapping[str, Any], faults: Faults) -> Sections:
    """Read every table of a site file; what is wrong becomes faults."""
    _unknown_tables(table, faults)
    single = {kind.kind: _single(kind, table, faults) for kind in SINGLE}
    kinds = {kind.kind: _named(kind, table.get(kind.kind, {}), (kind.kind,), faults) for kind in NAMED}
    kinds[COMPARTMENT.kind] = _compartments(table, kinds[CABINET.kind], faults)
    return Sections(single["site"], single, kinds)


def _single(kind: Table, table: Mapping[str, Any], faults: Faults) -> Section:
    """Read ``[site]`` and its like; they have no name, so the fire input is just ``fire``."""
    path = (kind.kind,)
    section = read_section(kind, "", table.get(kind.kind, {}), path, faults, HOMES)
    return section or Section(kind, "", path, {})


def _unknown_tables(table: Mapping[str, Any], faults: Faults) -> None:
    headings = {kind.kind: kind.heading for kind in (*SINGLE, *NAMED)}
    for word, raw in table.items():
        if word not in headings and not faults.full:
            is_key = word in HOMES and not isinstance(raw, Mapping)
            remedy = f"it belongs under {HOMES[word]}" if is_key else near(word, headings)
            faults.add((word,), "is no table of a site file", remedy)


def _named(kind: Table, raw: object, path: Path, faults: Faults) -> dict[str, Section]:
    """Read all tables of one kind: ``[door.main]``, ``[door.outer]`` and so on."""
    if not isinstance(raw, Mapping):
        faults.add(path, f"{shown(raw)} is no table", f"write a heading {kind.heading}")
        return {}
    sections: dict[str, Section] = {}
    keys = {key.name for key in kind.keys}
    for name, inner in raw.items():
        here = (*path, name)
        if not isinstance(inner, Mapping) and name in keys:
            faults.add(here, f"stands in a {kind.kind} that has no name", f"write a heading {kind.heading}")
        elif not NAME.fullmatch(name):
            faults.add(here, "is no name", f"write {NAME_RIGHT}")
        elif section := read_section(kind, name, inner, here, faults, HOMES):
            sections[name] = section
    return sections


def _compartments(table: Mapping[str, Any], cabinets: Named, faults: Faults) -> dict[str, Section]:
    found: dict[str, Section] = {}
    for cabinet in cabinets.values():
        raw = table[CABINET.kind][cabinet.name].get(CABINET.inner, {})
        for short, box in _named(COMPARTMENT, raw, (*cabinet.path, CABINET.inner), faults).items():
            name = f"{cabinet.name}.{short}"
            found[name] = Section(COMPARTMENT, name, box.path, box.values, box.given)
    return found
