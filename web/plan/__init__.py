"""The floor plan: a site's shape and its state, drawn as SVG. Rule: pure; no framework, no clock, no log."""
