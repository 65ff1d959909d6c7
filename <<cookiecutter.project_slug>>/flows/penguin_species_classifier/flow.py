"""Learn to tell the species of a penguin from its measurements."""

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
    """Find the measurements that tell the species of a penguin best, and learn from all penguins with them."""

    test_mode = Parameter(
        "test-mode",
        help="Try two sets of measurements only, on penguins from a test run if there are no others",
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
        """Take the latest measurements of this branch and list what to try; in test mode, two sets only."""
        from << cookiecutter.project_slug >>.getters import get_penguin_measurements
        from << cookiecutter.project_slug >>.species import candidate_features

        self.penguins = get_penguin_measurements(allow_test_mode=self.test_mode)["penguins"]
        self.candidates = candidate_features(limit=2 if self.test_mode else None)
        self.next(self.try_features, foreach="candidates")

    @step
    def try_features(self):
        """Measure how well one set of measurements tells the species."""
        from << cookiecutter.project_slug >>.species import accuracy

        self.features = self.input
        self.accuracy = accuracy(self.penguins, self.features)
        print(f"{self.accuracy:.1%} told rightly from {', '.join(self.features)}")
        self.next(self.choose_best)

    @step
    def choose_best(self, inputs):
        """Keep the set that tells most species rightly, the smallest of them if there are several."""
        best = max(inputs, key=lambda tried: tried.accuracy)
        self.features, self.accuracy = best.features, best.accuracy
        self.merge_artifacts(inputs, include=["penguins"])
        self.next(self.end)

    @card(type="blank")
    @step
    def end(self):
        """Learn from all penguins with the chosen measurements, and show them on the step's card."""
        from << cookiecutter.project_slug >>.charts import show_classifier
        from << cookiecutter.project_slug >>.species import fit

        self.classifier = fit(self.penguins, self.features)
        show_classifier(self.classifier, self.penguins, self.accuracy)


if __name__ == "__main__":
    PenguinSpeciesClassifier()
