"""Public flows with labels: which rule a reader says is broken, and on which line.

`files.tsv` lists the files: their set, repository, commit and path. A file in it is labelled
completely for the rules that appear in `labels.tsv`: if no row says so, the rule is kept.
`labels.tsv` has a row for each place: the repository, path and line, the rule, and a verdict. What
is `wrong` the linter must report. What is `ambiguous` it may report or not: the readers differed,
or would. docs/accuracy.md explains how the labels were made, and shows the figures.

No code of others is in this repository: `python -m tests.corpus.labels.checkout` clones it.
"""
