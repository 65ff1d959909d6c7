"""Train a classifier that finds the species of a penguin from its measurements."""

from metaflow import FlowSpec, Parameter, card, current, project, step

<% if cookiecutter.scheduler == "step-functions" -%>
from << cookiecutter.project_slug >>.schedules import production_schedule
<%- else -%>
from << cookiecutter.project_slug >>.events import namespaced_trigger
<%- endif %>
from << cookiecutter.project_slug >>.test_mode import no_test_mode_in_production


@no_test_mode_in_production
<% if cookiecutter.scheduler == "step-functions" -%>
@production_schedule(cron="0 6 * * ? *")
<%- else -%>
@namespaced_trigger(event="penguins_measured")
<%- endif %>
@project(name="<< cookiecutter.project_slug >>")
class PenguinSpeciesClassifier(FlowSpec):
    """Find the measurements that classify penguins best, and train a classifier with them on all penguins."""

    test_mode = Parameter(
        "test-mode",
        help="Try only two sets of measurements; use penguins from a test run if there are no others",
        type=bool,
        default=lambda _: not current.is_production,
    )

    penguins: list[dict]
    candidates: list[list[str]]
    features: list[str]
    accuracy: float
    classifier: dict

    @step
    def start(self):
        """Read the latest measurements of this branch, and list the sets to try; in test mode, only two sets."""
        from << cookiecutter.project_slug >>.getters import get_penguin_measurements
        from << cookiecutter.project_slug >>.species import candidate_features

        self.penguins = get_penguin_measurements(allow_test_mode=self.test_mode)["penguins"]
        self.candidates = candidate_features(limit=2 if self.test_mode else None)
        self.next(self.try_features, foreach="candidates")

    @step
    def try_features(self):
        """Measure how well one set of measurements classifies penguins."""
        from << cookiecutter.project_slug >>.species import accuracy

        self.features = self.input
        self.accuracy = accuracy(self.penguins, self.features)
        print(f"{self.accuracy:.1%} classified correctly by {', '.join(self.features)}")
        self.next(self.choose_best)

    @step
    def choose_best(self, inputs):
        """Keep the most accurate set, or the smallest one if there are several."""
        best = max(inputs, key=lambda tried: tried.accuracy)
        self.features, self.accuracy = best.features, best.accuracy
        self.merge_artifacts(inputs, include=["penguins"])
        self.next(self.end)

    @card(type="blank")
    @step
    def end(self):
        """Train on all penguins with the best measurements, and show the classifier on the step's card."""
        from << cookiecutter.project_slug >>.charts import show_classifier
        from << cookiecutter.project_slug >>.species import fit

        self.classifier = fit(self.penguins, self.features)
        show_classifier(self.classifier, self.penguins, self.accuracy)


if __name__ == "__main__":
    PenguinSpeciesClassifier()
