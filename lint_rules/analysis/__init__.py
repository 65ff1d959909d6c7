"""What follows from the model of a flow: pure functions over plain data, for rules to ask.

Nothing here imports rules. What cannot be known from the source is left out of the results, so
that a rule reports only what is certain.
"""
