"""Cameras to look through: a synthetic room, and senders that may lie, stall and vanish."""
