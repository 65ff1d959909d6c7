"""Tools that this repository's data are made with. They are no part of the package."""
