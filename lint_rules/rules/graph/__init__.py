"""Rules MF8: graph."""
