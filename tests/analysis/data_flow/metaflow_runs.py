"""Compares what the rules report on generated flows with what Metaflow's own runs of them do.

`python -m tests.analysis.data_flow.metaflow_runs FIRST LAST` runs the flows of the seeds from
FIRST to LAST. With `--record`, it writes what the runs did to `recorded_runs.json`, with which
`test_generated.py` compares the rules.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tempfile
from pathlib import Path

from tests.agreement.commands import Commands
from tests.analysis.data_flow.compare import Outcome, flows, judge, plain_outcome

RECORD = Path(__file__).with_name("recorded_runs.json")
_FINISHED = re.compile(r"\[\d+/(\w+)/\d+ \(pid \d+\)\] Task finished successfully\.")
_FAILED = re.compile(r"\[\d+/(\w+)/\d+ \(pid \d+\)\] Task failed\.")


def metaflow_outcome(text: str, metaflow: Commands) -> Outcome:
    """What Metaflow does with a flow.

    Raises:
        RuntimeError: it refuses the flow, or fails for a reason of its own.
    """
    status, said = metaflow.outcome(text, "run")
    failed = _FAILED.findall(said)
    if bool(status) != bool(failed):
        raise RuntimeError(said)
    # Another branch may have failed at the same time, or was ended before it did.
    ran = {*_FINISHED.findall(said)} - {*failed}
    return Outcome(failed[0] if failed else "", frozenset(ran))


def digest(text: str) -> str:
    """What tells a flow from another."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def recorded() -> list[tuple[int, int, str, Outcome]]:
    """The seed, number and digest of the flows that were run, and what their runs did."""
    rows = json.loads(RECORD.read_text(encoding="utf-8"))
    return [(s, n, d, Outcome(failed, frozenset(ran))) for s, n, d, failed, *ran in rows]


def main(first: int, last: int, is_recording: bool) -> int:
    """Print where the rules, Metaflow and the plain runs disagree, and how often they do."""
    ran = failing = missed = false = at_the_step = differing = 0
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        metaflow = Commands(Path(folder), {})
        for seed in range(first, last):
            for number, text in enumerate(flows(seed)):
                outcome = metaflow_outcome(text, metaflow)
                verdict = judge(text, outcome)
                ran += 1
                failing += bool(verdict.failed)
                missed += verdict.is_missed
                false += verdict.is_false
                at_the_step += bool(verdict.failed) and verdict.is_at_the_step
                rows.append([seed, number, digest(text), outcome.failed, *sorted(outcome.executed)])
                plain = plain_outcome(text)
                # Of two branches that fail, Metaflow may run the other one first.
                is_other = "id(self)" not in text and bool(plain.failed) != bool(outcome.failed)
                differing += is_other
                if verdict.is_missed or verdict.is_false or is_other:
                    said = (verdict.failed or "runs", f"plain: {plain.failed or 'runs'}")
                    print(seed, number, *said, *verdict.reports, flush=True)
        metaflow.close()
    if is_recording:
        lines = ",\n".join(json.dumps(row) for row in rows)
        RECORD.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(
        f"{ran} flows ran. {false} have false reports. {failing} fail: {missed} of them without a "
        f"report, {at_the_step} with one about the step that fails. {differing} plain runs differ"
    )
    return int(bool(false) or bool(differing) or missed > failing * 0.05)


if __name__ == "__main__":
    first, last = (int(word) for word in sys.argv[1:3])
    sys.exit(main(first, last, "--record" in sys.argv))
