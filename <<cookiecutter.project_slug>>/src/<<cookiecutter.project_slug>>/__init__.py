"""What the flows of this project share: the functions that their steps call, their results and their events."""

from metaflow import namespace

# Sends this package with every flow that imports it at module level to wherever its steps run.
METAFLOW_PACKAGE_POLICY = "include"

PROJECT = "<< cookiecutter.project_slug >>"

# Metaflow's client looks at this project's runs, whoever started them, unless a run or a notebook says otherwise.
namespace(f"project:{PROJECT}")
