"""What follows from the model: imports, data flow, values, effects, events and calls.

Takes modules, flows and steps, and answers questions of rules. What it cannot prove it does not
know, and says so.
"""
