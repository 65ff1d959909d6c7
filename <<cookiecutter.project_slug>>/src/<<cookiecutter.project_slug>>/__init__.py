"""What the flows of this project share: the functions that their steps call, their results and their events."""

from metaflow import namespace

# Sends this package with every flow that imports it at module level to wherever its steps run.
METAFLOW_PACKAGE_POLICY = "include"

# Metaflow's client looks at this project's runs, whoever started them, unless a run or a notebook says otherwise.
namespace("project:<< cookiecutter.project_slug >>")
