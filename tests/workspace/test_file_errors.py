"""Files that cannot be read or written, or change meanwhile, are reported, and none is lost.

Root may read and write anything, and tests may run as root: the commands run without that right.
"""

import ctypes
import os
import resource
import signal
import socket
import subprocess
import sys
import threading

import pytest

from lint_rules.workspace.atomic_write import write_together
from tests.folder import FLOW

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(
        sys.platform != "linux", reason="prctl, which takes root's rights away, is Linux's"
    ),
]

UNTYPED = FLOW.replace("    papers: list[str]\n\n", "").replace(
    "fetch(limit=10 if self.test_mode else None)", "[]"
)
"""A flow to fix."""
PR_CAPBSET_DROP, OVERRIDE, READ_SEARCH = 24, 1, 2


def _without_rights() -> None:
    """Takes from root what other people have not got either, from the next program on."""
    libc = ctypes.CDLL(None)
    for right in (OVERRIDE, READ_SEARCH):
        libc.prctl(PR_CAPBSET_DROP, right, 0, 0, 0)


def run(folder, *words, before=_without_rights):
    """The command as somebody who is not root."""
    done = subprocess.run(
        [sys.executable, "-m", "lint_rules", *words],
        cwd=folder.path,
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=before,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr[-1500:]
    return done


def test_an_unreadable_file_is_named_and_the_others_are_checked(folder):
    folder.write("closed.py", FLOW).chmod(0)
    folder.write("flow.py", FLOW.replace("ArxivTopics", "ArxivFlow"))
    done = run(folder, "check", "--output-format", "concise")
    assert done.returncode == 2
    assert "flow.py:5:7: MF001" in done.stdout
    assert "closed.py: cannot read it: Permission denied." in done.stderr


def test_a_folder_that_may_not_be_opened_is_named(folder):
    folder.write("flow.py", FLOW)
    closed = folder.write("closed/flow.py", FLOW).parent
    closed.chmod(0)
    done = run(folder, "check")
    closed.chmod(0o755)
    assert done.returncode == 2
    assert "closed: cannot look into it: Permission denied." in done.stderr


def test_an_unreadable_configuration_is_named(folder):
    folder.write("flow.py", FLOW)
    folder.write("pyproject.toml", "[tool.metaflow-lint]\n").chmod(0)
    done = run(folder, "check")
    assert done.returncode == 2
    assert "pyproject.toml: cannot read it: Permission denied" in done.stderr


def test_an_unreadable_gitignore_is_named(folder):
    folder.write("flow.py", FLOW)
    folder.write(".gitignore", "out/\n").chmod(0)
    done = run(folder, "check", ".")
    assert done.returncode == 2
    assert ".gitignore: cannot look into it: Permission denied" in done.stderr


def test_pipes_sockets_and_devices_are_no_files(folder, monkeypatch):
    """Reading a pipe would wait for ever, a device never end."""
    folder.write("flow.py", FLOW)
    for name in ("pipe.py", "package/__init__.py", ".gitignore", "sub/pyproject.toml"):
        (folder.path / name).parent.mkdir(exist_ok=True)
        os.mkfifo(folder.path / name)
    folder.write(
        "sub/flow.py", FLOW.replace("start(self):", "start(self):\n        import package")
    )
    monkeypatch.chdir(folder.path)  # the whole path would be too long for a socket's
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.py")
    done = run(folder, "check", "--select", "MF3", "--isolated")
    assert (done.returncode, done.stderr) == (1, "")
    assert "sub/flow.py" in done.stdout
    named = run(folder, "check", "pipe.py")
    assert named.returncode == 2
    assert "pipe.py: this is neither a file nor a folder." in named.stderr


def test_links_in_a_circle_and_to_nowhere(folder):
    folder.write("flow.py", FLOW)
    (folder.path / "again").symlink_to(".")
    (folder.path / "loop.py").symlink_to("loop.py")
    (folder.path / "gone.py").symlink_to("nowhere.py")
    done = run(folder, "check")
    assert done.returncode == 2
    assert "loop.py: cannot read it: Too many levels of symbolic links." in done.stderr
    assert "gone.py: cannot read it: No such file or directory." in done.stderr
    assert "All checks passed!" in done.stdout


def test_files_that_come_and_go_while_a_run_looks_at_them(folder):
    """Any run ends in a report or a word on what was not there any more."""
    files = [folder.write(f"flows/f{n}.py", FLOW) for n in range(30)]
    stop = threading.Event()

    def disturb():
        while not stop.is_set():
            for file in files:
                file.unlink(missing_ok=True)
                file.write_text(FLOW[: len(FLOW) // 2])
                file.write_text(FLOW)

    disturbing = threading.Thread(target=disturb)
    disturbing.start()
    try:
        for _ in range(3):
            done = run(folder, "check", "flows")
            assert done.returncode in (0, 1, 2)
            assert done.returncode < 2 or "No such file or directory." in done.stderr
    finally:
        stop.set()
        disturbing.join()


def test_a_file_changed_meanwhile_is_not_overwritten(folder):
    file = folder.write("flow.py", "theirs")
    with pytest.raises(OSError, match="another program changed it in the meantime"):
        write_together({file: b"fixed"}, {file: b"what was read"})
    assert file.read_text() == "theirs"
    assert [f.name for f in folder.path.iterdir()] == ["flow.py"]


def test_a_full_disk_leaves_the_file_as_it_was(folder):
    long = UNTYPED + "# " + 4000 * "x" + "\n"
    file = folder.write("flow.py", long)

    def full():
        # As on a full disk, writing fails in the middle; SIGXFSZ would end the process before.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    done = run(folder, "check", "--fix", before=full)
    assert done.returncode == 2
    assert "flow.py: cannot write: File too large." in done.stderr
    assert file.read_text() == long
    assert {f.name for f in folder.path.iterdir()} == {"flow.py"}


def test_a_full_report_file_is_named(folder):
    folder.write("flow.py", FLOW.replace("ArxivTopics", "ArxivFlow"))
    done = run(folder, "check", "--output-file", "/dev/full")
    assert done.returncode == 2
    assert "/dev/full: No space left on device." in done.stderr


def test_a_report_may_go_to_a_device(folder):
    folder.write("flow.py", FLOW)
    done = run(folder, "check", "--output-file", "/dev/stdout")
    assert done.returncode == 0, done.stderr
    assert "All checks passed!" in done.stdout


KILLED = """\
import os, signal, sys
from itertools import count
from pathlib import Path

from lint_rules.workspace import atomic_write
from lint_rules.cli.app import main
from lint_rules.cli.check import fix

FILES = [Path(name) for name in sys.argv[1].split(",")]
states, moments = set(), 0


def killed_at(moment, given):
    # Writes files, and is killed before the call of the system of that number, if it comes so far.
    if not (child := os.fork()):
        passed = 0

        def at_call(frame, event, function):
            nonlocal passed
            if event == "c_call":
                of_file = type(function.__self__).__module__ == "_io"
                passed += of_file or function.__module__ in ("posix", "io", "_io")
                if passed == moment:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.setprofile(at_call)
        atomic_write.write_together(*given)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or status == 0, status
    return os.WIFSIGNALED(status)


def found():
    return [(file.read_bytes(), file.stat().st_mode) for file in FILES]


def put_back(before):
    for file, (content, mode) in zip(FILES, before):
        file.write_bytes(content)
        file.chmod(mode)
    for left in Path().rglob(".*.py.*"):
        left.unlink()
    assert sorted(Path().rglob("*.py")) == sorted(FILES)


def killed_at_each_moment(*given):
    global moments
    before = found()
    assert not killed_at(None, given)
    after = found()
    for moment in count(1):
        put_back(before)
        if not killed_at(moment, given):
            break
        state = ""
        for now, old, new in zip(found(), before, after):
            assert now in (old, new), (moment, now)
            state += "same" if old == new else "old" if now == old else "new"
        states.add(state)
        moments += 1


fix.write_together = killed_at_each_moment
main(sys.argv[2:])
print(moments, *sorted(states))
"""
"""Runs a command, and writes what it writes over and over, killed a bit later each time."""


def killed_at_each_moment(folder, files, *words):
    """How often writing could be killed, and which states the files were found in."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, ",".join(files), "check", "--no-cache", *words],
        cwd=folder.path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    moments, *states = done.stdout.splitlines()[-1].split()
    return int(moments), states


def test_a_fix_killed_at_any_moment_leaves_whole_files(folder):
    """Each file is as it was or as it shall be, mode and newlines kept."""
    names = ["a.py", "b.py"]
    files = [folder.write(name, UNTYPED.replace("\n", "\r\n")) for name in names]
    for file in files:
        file.chmod(0o640)
    words = ("--isolated", "--select", "MF401", "--fix")
    moments, states = killed_at_each_moment(folder, names, *words)
    assert moments > 50
    assert states == ["newsame", "oldsame", "samenew", "sameold"]
    assert all(b"    papers: list\r\n" in file.read_bytes() for file in files)


def test_files_of_one_fix_are_whole_when_it_is_killed_and_fixed_by_the_next(folder):
    folder.write("pyproject.toml", "")
    names = ["arxiv_topics/__init__.py", "flows/flow.py"]
    init, flow = folder.write(names[0], ""), folder.write(names[1], FLOW)
    words = ("--select", "MF107", "--fix", "--unsafe-fixes")
    moments, states = killed_at_each_moment(folder, names, *words)
    assert moments > 50
    assert states == ["newnew", "newold", "oldold"]
    after = flow.read_bytes()
    assert init.read_bytes()
    flow.write_text(FLOW)
    assert run(folder, "check", *words).returncode == 0
    assert flow.read_bytes() == after


CLOSING = """\
import os, sys
from lint_rules.cli.app import main

end, *closed = sys.argv[1].split(",")


def close(event, given):
    if event == "os.rename" and os.fspath(given[1]).endswith(end):
        for folder in closed:
            os.chmod(folder, 0o555)


sys.addaudithook(close)
sys.exit(main(sys.argv[2:]))
"""
"""Runs a command, and closes some folders as it is about to replace a file."""


def closed_meanwhile(folder, end, *closed):
    """What a fix of two files says while folders are closed, and which files it changed."""
    folder.write("pyproject.toml", "")
    before = {
        folder.write("arxiv_topics/__init__.py", ""): "",
        folder.write("flows/flow.py", FLOW): FLOW,
    }
    words = ("check", "--no-cache", "--select", "MF107", "--fix", "--unsafe-fixes")
    try:
        done = subprocess.run(
            [sys.executable, "-c", CLOSING, ",".join((end, *closed)), *words],
            cwd=folder.path,
            capture_output=True,
            text=True,
            timeout=60,
            preexec_fn=_without_rights,
            check=False,
        )
    finally:
        for name in ("arxiv_topics", "flows"):
            (folder.path / name).chmod(0o755)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    changed = [
        str(file.relative_to(folder.path))
        for file, text in before.items()
        if file.read_text() != text
    ]
    return done.stderr, changed


def test_the_first_of_two_files_is_put_back_when_the_second_cannot_be_replaced(folder):
    errors, changed = closed_meanwhile(folder, "flows/flow.py", "flows")
    assert changed == []
    assert "cannot write: Permission denied. None was changed." in errors


def test_a_file_that_cannot_be_put_back_is_named(folder):
    errors, changed = closed_meanwhile(folder, "flows/flow.py", "flows", "arxiv_topics")
    assert changed == ["arxiv_topics/__init__.py"]
    assert (
        "arxiv_topics/__init__.py, flows/flow.py: cannot write: Permission denied. "
        "arxiv_topics/__init__.py: already changed, and could not be restored: "
        "restore it by hand.\n"
    ) in errors
    assert "None was changed" not in errors


def test_two_runs_at_once_do_no_harm(folder):
    files = [folder.write(f"f{n}.py", UNTYPED) for n in range(12)]
    words = [
        sys.executable,
        "-m",
        "lint_rules",
        "check",
        "--isolated",
        "--select",
        "MF401",
        "--fix",
    ]
    both = [
        subprocess.Popen(words, cwd=folder.path, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    errors = [process.communicate(timeout=60)[1] for process in both]
    for text in errors:
        assert not text or "another program changed it in the meantime" in text
    run(folder, *words[3:])
    assert {file.read_text() for file in files} == {
        UNTYPED.replace("FlowSpec):\n", "FlowSpec):\n    papers: list\n\n", 1)
    }
