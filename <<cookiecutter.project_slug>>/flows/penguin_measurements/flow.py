"""Clean the measurements of the penguins and summarise them."""

from metaflow import FlowSpec, Parameter, current, project, step
<% if cookiecutter.scheduler != "none" %>
from << cookiecutter.project_slug >>.schedules import production_schedule
<%- endif %>
from << cookiecutter.project_slug >>.tables import tables_root
from << cookiecutter.project_slug >>.test_mode import no_test_mode_in_production


@no_test_mode_in_production
<%- if cookiecutter.scheduler != "none" %>
@production_schedule(cron="0 5 * * ? *")
<%- endif %>
@project(name="<< cookiecutter.project_slug >>")
class PenguinMeasurements(FlowSpec):
    """Clean the measurements of the penguins and summarise them
<%- if cookiecutter.scheduler != "step-functions" %>, then raise an event<% endif %>."""

    test_mode = Parameter(
        "test-mode",
        help="Use only every tenth penguin",
        type=bool,
        default=lambda _: not current.is_production,
    )
    tables = Parameter(
        "tables",
        help="Folder or s3:// address for the tables of all branches; empty to write none",
        type=str,
        default=tables_root,
    )

    rows: list[dict]
    penguins: list[dict]
    means: dict[str, dict[str, float]]
    table: str

    @step
    def start(self):
        """Read the raw data; in test mode, a tenth of it."""
        from << cookiecutter.project_slug >>.penguins import every_nth, read_penguins

        self.rows = every_nth(read_penguins(), 10 if self.test_mode else 1)
        self.next(self.clean)

    @step
    def clean(self):
        """Keep the penguins with complete measurements."""
        from << cookiecutter.project_slug >>.penguins import clean

        self.penguins = clean(self.rows)
        print(f"{len(self.penguins)} of {len(self.rows)} penguins were measured completely")
        self.next(self.summarise)

    @step
    def summarise(self):
        """Average the measurements over each species."""
        from << cookiecutter.project_slug >>.penguins import mean_measurements

        self.means = mean_measurements(self.penguins)
        self.next(self.publish)

    @step
    def publish(self):
        """Write the means to this branch's folder for readers outside Metaflow; in test mode, to a temporary folder."""
        from << cookiecutter.project_slug >>.penguins import as_rows
        from << cookiecutter.project_slug >>.tables import write_table

        self.table = write_table(
            "species_means",
            as_rows(self.means),
            root=self.tables,
            branch=current.branch_name,
            made_by=current.pathspec,
            test_mode=self.test_mode,
        )
        self.next(self.end)

    @step
    def end(self):
<%- if cookiecutter.scheduler == "step-functions" %>
        """Print what other flows can read now."""
        print(f"Means of {', '.join(self.means)}")
<%- else %>
        """Raise the event that starts the flows which use these measurements."""
        from << cookiecutter.project_slug >>.events import namespaced_trigger

        namespaced_trigger.raise_event("penguins_measured", safe_publish=True)
<%- endif %>


if __name__ == "__main__":
    PenguinMeasurements()
