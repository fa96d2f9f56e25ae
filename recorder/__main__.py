"""``python -m recorder LINE [--passwords FILE] [--state FOLDER]``: without ironroom's command line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from recorder import main

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="recorder")
    parser.add_argument("line", type=Path)
    parser.add_argument("--passwords", type=Path)
    parser.add_argument("--state", type=Path)
    options = parser.parse_args()
    sys.exit(main(options.line, options.passwords, options.state))
