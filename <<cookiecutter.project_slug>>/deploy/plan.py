"""Plans a deployment, and checks the plan before anything is deployed."""

from collections.abc import Iterator
from dataclasses import dataclass

from deploy import Refusal
from deploy.branches import Release, user
from deploy.deployments import Deployment, read_deployments
from deploy.flows import Flow, read_flows
from deploy.tokens import authorize, masked, token_to_be


@dataclass(frozen=True)
class Plan:
    """The flows in the order of deployment, what is deployed now, and the token for all flows.

    `left` are flows that are deployed on this branch and no longer in the project.
    """

    release: Release
    flows: list[Flow]
    now: dict[str, Deployment]
    left: list[Deployment]
    token: str | None


def make_plan(release: Release, given: str | None, generate_new_token: bool) -> Plan:
    """Plan a deployment.

    Raises:
        Refusal: If it would fail, or is not allowed.
    """
    flows = read_flows(release)
    refuse_what_cannot_be(flows, release)
    deployed = {each.name: each for each in read_deployments(release.settings)}
    now = {flow.flow: deployed.pop(flow.deployed_name) for flow in flows if flow.deployed_name in deployed}
    left = [each for each in deployed.values() if each.branch == release.branch.name]
    prefix = flows[0].token_prefix
    authorize(now.values(), prefix, given)
    return Plan(release, flows, now, left, token_to_be(now.values(), prefix, generate_new_token))


def refuse_what_cannot_be(flows: list[Flow], release: Release) -> None:
    """Check for flows that the scheduler or the guide forbids.

    Raises:
        Refusal: If there is such a flow.
    """
    waiting = ", ".join(flow.flow for flow in flows if flow.waits_for)
    if waiting and release.settings.scheduler == "step-functions":
        raise Refusal(f"Step Functions cannot start flows on events, and these wait for one: {waiting}. Schedule them.")
    testing = ", ".join(flow.flow for flow in flows if flow.test_mode)
    if testing and release.branch.production:
        way_out = "Use the default `not current.is_production`"
        raise Refusal(f"these would run in test mode in production: {testing}. {way_out}.")


def description(plan: Plan) -> Iterator[str]:
    """Describe the plan, line by line. Tokens are masked."""
    what, where = plan.release, plan.release.settings
    yield f"{where.project} on {where.scheduler}, branch {what.branch.name}, commit {what.commit}, by {user()}"
    for flow in plan.flows:
        now = plan.now.get(flow.flow)
        yield ""
        yield flow.flow
        yield f"  deployed as  {flow.deployed_name}"
        yield f"  branch       {flow.branch}"
        yield f"  namespace    production:{masked(plan.token or flow.token_prefix + '-0-x')}"
        yield f"  waits for    {', '.join(flow.waits_for) or 'no event'}"
        yield f"  raises       {', '.join(flow.raises) or 'no event'}"
        yield f"  test mode    {flow.test_mode}"
        yield f"  schedule     {flow.schedule or 'none'}"
        yield f"  token        {token_state(now, plan)}"
        yield f"  deployed now {f'from commit {now.commit} by {now.owner}, {now.at}' if now else 'no'}"
    for each in plan.left:
        yield f"\n{each.flow} is deployed on this branch, from commit {each.commit}, but is not in the project."


def token_state(now: Deployment | None, plan: Plan) -> str:
    """Describe how a flow's token changes."""
    if plan.token is None:
        return "new: this is the first deployment"
    if now is None:
        return "the token of the branch"
    return "kept" if now.token == plan.token else f"new, instead of {masked(now.token)}"
