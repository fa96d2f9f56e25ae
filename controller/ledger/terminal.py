"""What comes from badges, people and strangers, on a terminal. Rule: nothing in it can command one."""

import json


def harmless(text: str) -> str:
    r"""The text with every character that does not print as \uXXXX, so that JSON stays the same JSON."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in text)
