"""Tests of the page on the health of repositories."""
