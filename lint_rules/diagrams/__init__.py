"""Drawings of what the model knows: a project's map, and each flow's graph."""

FORMATS = ("mermaid", "dot", "svg", "html", "json")
"""The formats of drawings; here, so that the command line need not import them."""
