"""Cameras: streams, rings of pictures, and whether what they show can be believed."""
