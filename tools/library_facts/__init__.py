"""What the libraries of Metaflow users say that they return, for `lint_rules.python`."""
