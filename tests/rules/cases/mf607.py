from lint_rules.rules.base import dedent
from tests.rules.cases import Case, flow

CASES = [
    Case(
        "the objects of the task that runs",
        flow(
            "print(Task(current.task_id), Task(str(current.task_id)), Run(f'{current.run_id}'))",
            "print(Step(current.step_name), Flow(current.pathspec), Run(current.origin_run_id))",
            top="from metaflow import Flow, Run, Step, Task",
        ),
        at=(
            "current.task_id",
            "str(current.task_id)",
            "f'{current.run_id}'",
            "current.step_name",
            "current.pathspec",
            "current.origin_run_id",
        ),
        fixed=flow(
            "print(current.task, current.task, current.run)",
            "print(current.run[current.step_name], Flow(current.flow_name), "
            'Run(f"{current.flow_name}/{current.origin_run_id}"))',
            top="from metaflow import Flow, Run, Step, Task",
        ),
    ),
    Case(
        "names are followed, and parts are counted where they are known",
        dedent(
            """
            import metaflow as mf

            RUN = "1712"
            mf.Run(RUN)
            mf.Run(1712)
            mf.Task("/".join(["ArxivTopics", RUN, "start"]))
            mf.Flow(f"{RUN}/{input()}")
            mf.Run("ArxivTopics/%s/%s" % (1, 2))
            """
        ),
        at=(
            "RUN",
            "1712",
            '"/".join(["ArxivTopics", RUN, "start"])',
            'f"{RUN}/{input()}"',
            '"ArxivTopics/%s/%s" % (1, 2)',
        ),
        says=("this has 1 part", "this is a number", "this has 3 parts", "has at least 2 parts"),
    ),
    Case(
        "what is not known may have any parts",
        dedent(
            """
            from metaflow import Flow, Run, Step, Task

            def read(run_id, *names):
                Run(run_id), Run("ArxivTopics/" + run_id), Task("/".join(names))
                Task("/".join(["ArxivTopics", *names])), Step("{}/{}".format(*names))
                Run(run_id or "1712"), Flow(names[0]), Run("%s" % run_id)
            """
        ),
    ),
    Case(
        "errors that are expected",
        dedent(
            """
            import pytest
            from metaflow import Run

            try:
                Run("1712")
            except Exception:
                pass

            def test_run():
                with pytest.raises(Exception):
                    Run("1712")
            """
        ),
    ),
]
