"""The command line loads what a command needs, and of the rest only the names."""

from __future__ import annotations

import json
import subprocess
import sys

import click
import pytest

from controller.cli import COMMANDS, main

LOADED = """
import json, sys
from controller.cli import main
main.commands[sys.argv[1]]
print(json.dumps(sorted(sys.modules)))
"""


def loaded_by(word: str) -> set[str]:
    told = subprocess.run(
        [sys.executable, "-c", LOADED, word], capture_output=True, text=True, check=True, timeout=120
    )
    return set(json.loads(told.stdout))


@pytest.mark.parametrize("word", COMMANDS)
def test_every_word_is_a_command_that_explains_itself(word: str) -> None:
    command = main.commands[word]
    assert isinstance(command, click.Command)
    assert command.help


def test_on_the_second_box_a_log_witness_loads_nothing_of_the_room() -> None:
    strange = {
        name for name in loaded_by("witness") if name.startswith(("controller.core", "hardware", "bench"))
    }
    assert not strange


def test_a_mistyped_command_is_answered_with_the_near_ones() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "controller", "bade"], capture_output=True, text=True, check=False, timeout=120
    )
    assert told.returncode == 2
    assert "Did you mean 'badge'?" in told.stderr
