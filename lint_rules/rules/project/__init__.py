"""Rules MF1: project."""
