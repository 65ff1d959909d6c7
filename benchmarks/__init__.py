"""What the linter's speed is measured with: real flows, a synthetic repository, and its peers."""
