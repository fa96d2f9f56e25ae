"""Supervised loops on analogue converters: four states by ratios, learned windows, drift and steps."""
