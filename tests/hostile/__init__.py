"""Hostile repositories: made at random, and every command run on them under watch."""
