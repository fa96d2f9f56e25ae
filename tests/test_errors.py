"""The tree of errors at the top of its file is the tree of classes."""

import re
from pathlib import Path

from click.testing import CliRunner

from controller import errors
from controller.cli import main
from controller.errors import ConfigError, IronroomError, LogDamaged

DRILL = Path(__file__).parent.parent / "drills" / "two_open_the_room.toml"


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


def test_a_folder_that_cannot_be_made_is_one_sentence_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    inside = tmp_path / "file" / "data"
    for words in (["rehearse", str(DRILL)], ["witness", "key", "--name", "a"]):
        command = [*words, "--data", str(inside)]
        ended = CliRunner().invoke(main, command, catch_exceptions=False)
        assert ended.exit_code == 2, command
        assert ended.output.startswith(str(tmp_path / "file")), ended.output
        assert ended.output.count("\n") == 1
