from tests.rules.cases import Case, flow

TOP = "from metaflow import Config\nfrom own import namespaced_trigger, own"

CASES = [
    Case(
        "other decorators hide none",
        flow(top=TOP, above='@own\n@namespaced_trigger(event="papers", config_name="other")'),
        at=('"other"',),
    ),
    Case(
        "a config whose name is worked out may be it",
        flow(
            top=TOP,
            above='@namespaced_trigger(event="papers", config_name="other")',
            body="config = Config(find())\n\n",
        ),
    ),
]
