"""The package of this project: functions for steps, getters for results, and events."""

from metaflow import namespace

# Metaflow sends this package to every machine that runs steps, if the flow imports it at module level.
METAFLOW_PACKAGE_POLICY = "include"

# Metaflow's client reads the runs of this project by all users, unless a run or a notebook sets another namespace.
namespace("project:<< cookiecutter.project_slug >>")
