"""Runs all flows of the project on this machine, each after the flows whose results it reads: `make run`."""

import subprocess
import sys

from project_flows import ROOT, Unreadable, in_order, read_flows


def main() -> int:
    """Run the flows with their default parameters, and stop at the first one that fails.

    Returns:
        0 if all flows succeed, 1 if one fails, 2 if there are no flows or a file cannot be read.
    """
    try:
        flows = read_flows()
    except Unreadable as reason:
        print(reason, file=sys.stderr)
        return 2
    if not flows:
        print("there are no flows yet: add one with make flow name=…", file=sys.stderr)
        return 2
    folders = in_order(flows, flows)
    for place, folder in enumerate(folders):
        file = f"flows/{folder}/flow.py"
        if subprocess.run([sys.executable, file, "run"], cwd=ROOT, check=False).returncode:
            left = ", ".join(folders[place + 1 :])
            print(f"{file} failed" + (f"; not run: {left}" if left else ""), file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
