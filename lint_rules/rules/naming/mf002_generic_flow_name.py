"""MF002."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_GENERIC = """
a ai all an analyse analyser analysis analytics analyze analyzer and app apply async auto automl bar
base baseline basic batch baz benchmark branch branches branching build builder bulk by calculate
challenger champion child classification classifier classify clean cleaner cleaning cloud cluster
clustering collect collection collector common comparison complex compute crawl crawler create cross
custom daily data dataset datasets dedup deduplicate deduplication deep demo deploy deployment
detect detection dev distributed dl download downloader downstream drift dummy e2e elt embed
embedder embedding embeddings encode encoder end endpoint engineering etl eval evaluate evaluation
evaluator example experiment experimentation experiments export extract extraction extractor feature
features fetch fetcher file files final find finder fine finetune finetuner finetuning first fit
flow foo for foreach forecast forecaster forecasting from full generate generation generator generic
get getter gpu helper hourly hpo hyperparameter hyperparameters in index indexer indexing infer
inference ingest ingestion initial intermediate introduction job join learning load loader loading
local machine main make merge metaflow mini minimal minimum ml mock model modeling modelling models
monitor monitoring monthly multi my nested new nightly nlp node nodes of offline old on online
optimise optimization optimize orchestrate orchestration orchestrator our output outputs parallel
parent parse parser pipeline pipelines playground postprocess predict prediction predictions
predictor prep preparation prepare preprocess preprocessing preprocessor primary process processing
processor prod production project promote quality quick raw realtime refresh register registry
regression regressor remote report reporting result results retrain retraining run runner sample
sandbox save scheduled science score scorer scores scoring scrape scraper scraping second secondary
selection serve serving simple single small split staging standard starter steps store stream
streaming supervised sync system table tables task template test testing tests the third to tokenise
tokeniser tokenize tokenizer topic topics train trainer training transform transformation tune tuner
tuning tutorial unsupervised update updater upload uploader upstream v validate validation validator
vectorise vectoriser vectorize vectorizer versioning weekly with workflow
"""
GENERIC = frozenset(_GENERIC.split())
"""Words about what a flow does, how, when or where. They do not tell which data it uses."""

_WORDS = re.compile(r"([A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_]+)(\d*)")


class GenericFlowName(Rule):
    """
    ## What it does
    Checks for flow names made only of generic words, such as `TrainModel` or `ETLPipeline`.

    ## Why is this bad?
    All runs, results and deployments of a Metaflow installation share one list of flow names.
    `TopicModel` fits many flows. `ArxivAbstractTopicModel` tells readers which data it uses.

    Generic words describe work, a time or a place, but not data: `train`, `model`, `my`, `test`,
    `daily`, `pipeline` and similar words. Single letters and numbers are generic too. Your team
    can add words with `generic-names`, such as the name of your company.

    There is no fix, because only the author knows which data a flow uses.

    ## References
    The guide, "Names".
    """

    code, name = "MF002", "generic-flow-name"
    group = Group.STYLE
    options = ("generic-names",)
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class TopicModel(FlowSpec):
                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="TopicModel",
        ),
        Bad(
            """
            import metaflow as mf


            class ETLFlow(mf.FlowSpec):
                @mf.step
                def start(self):
                    pass
            """,
            at="ETLFlow",
        ),
        Bad(
            """
            from metaflow.flowspec import FlowSpec
            from metaflow import step


            class my_pipeline_v2(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            at="my_pipeline_v2",
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class AcmeModel(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            at="AcmeModel",
            options={"generic-names": ["Acme"]},
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivAbstractTopicModel(FlowSpec):
            @step
            def start(self):
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        Good(
            """
            from metaflow import FlowSpec, step


            class BaseFlow(FlowSpec):
                owner = "research"


            class TrainMNIST(BaseFlow):
                @step
                def start(self):
                    pass
            """,
            why="Nobody runs a base flow, and one word about the data is enough.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        generic = GENERIC.union(name.lower() for name in self.settings.generic_names)
        words = [(word.lower(), number) for word, number in _WORDS.findall(flow.name)]
        if all(word in generic or _says_nothing(word, number) for word, number in words):
            yield self.finding(
                flow,
                f"The name of the flow `{flow.name}` does not tell which data the flow uses",
                f"add the data to the name, as in `{_with_data(flow.name)}` for papers of arXiv",
            )


def _with_data(name: str) -> str:
    """The name of a flow with an example of data, and without the suffix that MF001 reports."""
    stem = name if name.lower() == "flow" else re.sub("_?flow$", "", name, flags=re.IGNORECASE)
    return f"Arxiv{stem}" if stem[:1].isupper() else f"arxiv_{stem}"


def _says_nothing(word: str, number: str) -> bool:
    """Whether a word is a letter or a version, but not a short name such as `S3`."""
    return len(word) == 1 and not number
