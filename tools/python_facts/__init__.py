"""What running Python tells of its standard library, for `lint_rules.python`."""
