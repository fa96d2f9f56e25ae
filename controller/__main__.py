"""``python -m controller``: the command line. Rule: nothing else starts here."""

from controller.cli import main

if __name__ == "__main__":
    main(prog_name="ironroom")
