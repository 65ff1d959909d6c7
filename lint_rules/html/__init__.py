"""What the pages that the linter writes have in common: frame, colours and policy."""
