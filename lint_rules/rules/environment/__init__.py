"""Rules MF5: environment."""
