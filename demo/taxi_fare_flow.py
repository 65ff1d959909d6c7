"""A flow as many of us wrote our first: it runs, and breaks what the guide asks for."""

import pandas as pd
from metaflow import FlowSpec, step


def load(path):
    return pd.read_csv(path)


class TaxiFareFlow(FlowSpec):
    @step
    def start(self):
        self.fares = pd.concat([load("january.csv"), load("february.csv")])
        self.next(self.end)

    @step
    def end(self):
        print(self.fares.describe())


if __name__ == "__main__":
    TaxiFareFlow()
