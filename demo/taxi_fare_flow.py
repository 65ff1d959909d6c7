"""A typical first flow: it runs, but does not follow the guide."""

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
