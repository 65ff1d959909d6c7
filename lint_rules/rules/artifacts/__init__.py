"""Rules MF4: artifacts."""
