"""How targets are fuzzed: by atheris (libFuzzer), bounded in time, in memory and for each input.

Rule: a target takes any bytes and raises when the product did what it must not; nothing else is a finding.
IRONROOM_FUZZ_S is how many seconds each target gets (60). atheris is built for x86-64 alone: elsewhere it is
said that nothing was fuzzed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from importlib import import_module
from importlib.util import find_spec

SECONDS = int(os.environ.get("IRONROOM_FUZZ_S", "60"))
OURS = ["hardware", "controller"]
BOUNDS = {"max_total_time": SECONDS, "max_len": 2_000, "rss_limit_mb": 1_024, "timeout": 20}
LAST_LINES = 60


def main(module: str, *targets: str) -> int:
    """Fuzz functions of a module, each in a process of its own; 1 when one of them found something."""
    if find_spec("atheris") is None:
        sys.stdout.write(f"    {module}: NOT fuzzed, there is no atheris on this machine\n")
        return 0
    return int(max([_one(module, target) for target in targets]) > 0)


def _one(module: str, target: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.soak._fuzzing", module, target, folder]
        run = subprocess.run(command, stderr=subprocess.PIPE, text=True, errors="replace", check=False)
    lines = run.stderr.splitlines()
    counted = next((line for line in reversed(lines) if line.startswith("Done ")), "ended early")
    sys.stdout.write(f"    {target}: {counted}, exit code {run.returncode}\n")
    if run.returncode:
        sys.stdout.write("\n".join(lines[-LAST_LINES:]) + "\n")
    return run.returncode


def _inside(module: str, target: str, folder: str) -> None:
    """libFuzzer ends this process: with 0 when the time is over, with another code at a finding."""
    atheris = import_module("atheris")
    with atheris.instrument_imports(include=OURS):
        found = getattr(import_module(module), target)
    bounds = [f"-{name}={value}" for name, value in BOUNDS.items()]
    atheris.Setup([sys.argv[0], *bounds, f"-artifact_prefix={folder}/"], found)
    atheris.Fuzz()


if __name__ == "__main__":
    _inside(*sys.argv[1:])
