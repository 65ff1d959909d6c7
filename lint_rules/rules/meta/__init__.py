"""Rules MF9: meta."""
