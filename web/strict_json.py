"""JSON that a browser sends. Rule: whatever arrives is a value or a ValueError, never a broken view."""

from __future__ import annotations

from typing import Any

from flask.json.provider import DefaultJSONProvider


class StrictJson(DefaultJSONProvider):
    """Flask's own, that takes what is nested too deeply for what it is: no JSON of ours."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """A value; raises ValueError."""
        try:
            return super().loads(s, **kwargs)
        except RecursionError:
            raise ValueError("nested too deeply") from None
