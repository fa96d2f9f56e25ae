"""How a table of the site file is described, and how one is read.

Rule: a key that is not described is a fault that names the near matches; nothing is skipped in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from controller.core.plan import Role, Side
from controller.site_faults import Faults, Path, near
from controller.site_values import Value


@dataclass(frozen=True, slots=True)
class Key:
    """One key: ``says`` is its sentence in the manual, ``into`` the field of the plan it sets.

    A key that places a device has in ``device`` the ending of the device's name in the site:
    ``.contact`` behind ``main`` makes ``main.contact``. An input has a ``role``, a reader a ``side``.
    """

    name: str
    value: Value
    says: str
    into: str = ""
    required: bool = False
    device: str | None = None
    role: Role | None = None
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of table, such as ``[door.NAME]``; ``named`` ones may be there several times."""

    kind: str
    says: str
    keys: tuple[Key, ...]
    named: bool = True
    inner: str = ""  # kind of the tables within: cabinet.NAME.compartment.NAME

    @property
    def heading(self) -> str:
        """How its heading is written."""
        return f"[{self.kind}.NAME]" if self.named else f"[{self.kind}]"


@dataclass(frozen=True, slots=True)
class Section:
    """One table as read: ``values`` of the keys that were right, ``given`` of all that were there."""

    table: Table
    name: str
    path: Path
    values: Mapping[str, Any]
    given: frozenset[str] = field(default=frozenset())

    def get(self, key: str, otherwise: Any = None) -> Any:
        """The checked value of a key."""
        return self.values.get(key, otherwise)

    def unclear(self, key: str) -> bool:
        """Whether a key is there with a value that was refused, so that nothing can be said about it."""
        return key in self.given and key not in self.values

    def at(self, key: str) -> Path:
        """The path of a key, for a fault; where it is not given, that of the table."""
        return (*self.path, key) if key in self.given else self.path


def read_section(
    table: Table, name: str, raw: object, path: Path, faults: Faults, homes: Mapping[str, str] | None = None
) -> Section | None:
    """Read one table; what is wrong with it becomes faults.

    ``homes`` says for keys of other tables where they belong.
    """
    if not isinstance(raw, Mapping):
        faults.add(path, "is no table", f"write a heading {table.heading}")
        return None
    known = {key.name: key for key in table.keys}
    for word in raw:
        if word not in known and word != table.inner:
            _unknown(table, word, path, faults, (homes or {}).get(word, ""))
    values: dict[str, Any] = {}
    for key in table.keys:
        if key.name in raw:
            values[key.name] = key.value.take(raw[key.name], (*path, key.name), faults)
        elif key.required:
            faults.missing((*path, key.name), f"write {key.name} = {key.value.right}")
    good = {word: value for word, value in values.items() if value is not None}
    return Section(table, name, path, good, frozenset(map(str, raw)))


def _unknown(table: Table, word: str, path: Path, faults: Faults, home: str) -> None:
    if not faults.full:
        known = [*(key.name for key in table.keys), *filter(None, [table.inner])]
        remedy = f"it belongs under {home}" if home else near(word, known)
        faults.add((*path, word), "is no key here", remedy)
