"""A command that the controller has made of a proposal."""

from tests.web.peer import Told

COMMAND: Told = {
    "command": "c",
    "code": "4F2A-91C0",
    "text": "{}",
    "people": 1,
    "until": 0,
    "options": {},
    "handle": "h",
}
