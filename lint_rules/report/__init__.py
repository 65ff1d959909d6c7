"""How diagnostics are shown: one module for each output format, named for it."""
