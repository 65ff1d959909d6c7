"""Coverage-guided fuzzing of the linter (`make fuzz`)."""
