"""The feed: one line an Entry that a person understands. Rule: pure; no framework, no clock, no log."""
