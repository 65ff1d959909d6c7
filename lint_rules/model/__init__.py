"""What files say, in plain dataclasses: Python in `code`, Metaflow in `flow` and `step`."""
