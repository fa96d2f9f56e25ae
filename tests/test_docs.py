"""Docs fail the build when they lie."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from controller.core.sentences import ALARM_SENTENCES, KIND_SENTENCES, NEEDS
from controller.core.words import AlarmKind, Kind, Reason
from tools.print_docs import DOCS, PAGES

ROOT = Path(__file__).parent.parent


def test_printed_pages_are_what_the_code_says() -> None:
    # In a process of its own: click remembers how the help option of a command was first spelled.
    pages = "{name: page() for name, page in PAGES.items()}"
    printer = f"import json; from tools.print_docs import PAGES; print(json.dumps({pages}))"
    fresh = subprocess.run(
        [sys.executable, "-c", printer], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    printed = json.loads(fresh.stdout)
    assert set(printed) == set(PAGES)
    old = [name for name, page in printed.items() if (DOCS / name).read_text(encoding="utf-8") != page]
    assert not old, "run `make docs`"


def test_every_word_has_its_sentence() -> None:
    assert set(NEEDS) == set(Reason)
    assert set(KIND_SENTENCES) == set(Kind)
    assert set(ALARM_SENTENCES) == set(AlarmKind)


def test_every_command_shows_an_example() -> None:
    helps = PAGES["cli.md"]().split("## `")[1:]
    assert len(helps) > 5
    for text in helps:
        name = text.split("`")[0]
        if "Commands:" not in text:
            assert re.search(r"Examples?:", text), f"{name} shows no example"


def test_the_readme_begins_with_what_it_is_for_and_names_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in text
    assert "make test" in text
    assert text.splitlines()[2].startswith("Ironroom lets two people into a room")


def test_the_readme_names_only_files_that_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in re.findall(r"\]\(([^)#]+)\)", text):
        assert (ROOT / name).exists(), name
