"""The tree of errors at the top of its file is the tree of classes."""

import re
from pathlib import Path

from controller import errors
from controller.errors import ConfigError, IronroomError, LogDamaged


def family(cls: type[IronroomError]) -> list[type[IronroomError]]:
    return [cls, *(below for child in cls.__subclasses__() for below in family(child))]


def test_every_error_stands_in_the_printed_tree_under_its_parent_with_its_exit_code() -> None:
    printed = re.findall(r"^( +)(\w+) +(\d+) ", errors.__doc__ or "", re.MULTILINE)
    path: list[str] = []
    shown = {}
    for indent, name, code in printed:
        path[len(indent) // 2 - 2 :] = [name]
        shown[name] = (path[-2] if len(path) > 1 else "Exception", int(code))
    ours = [cls for cls in family(IronroomError) if cls.__module__ == errors.__name__]
    assert shown == {cls.__name__: (cls.__bases__[0].__name__, cls.exit_code) for cls in ours}


def test_a_wrong_site_file_tells_all_its_faults_one_a_line() -> None:
    assert str(ConfigError("site.toml:3: no such door", "site.toml:9: no such reader")).splitlines() == [
        "site.toml:3: no such door",
        "site.toml:9: no such reader",
    ]


def test_damage_names_file_entry_and_remedy() -> None:
    damage = LogDamaged(Path("custody.db"), "entry 5 is missing", "Restore a backup", entry=5)
    assert damage.sentence == "custody.db: entry 5 is missing. Restore a backup."
    assert (damage.file, damage.entry, damage.exit_code) == (Path("custody.db"), 5, 1)
