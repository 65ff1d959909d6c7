"""The project before it has flows."""

import pytest


def test_importing_the_package_looks_at_this_projects_runs():
    from metaflow import get_namespace

    import << cookiecutter.project_slug >>

    assert get_namespace() == f"project:{<< cookiecutter.project_slug >>.__name__}"


def test_a_flow_that_never_ran_has_no_result():
    from << cookiecutter.project_slug >>.runs import NoRunFound, latest_run

    with pytest.raises(NoRunFound, match="NotThereYet has no successful run"):
        latest_run("NotThereYet")
