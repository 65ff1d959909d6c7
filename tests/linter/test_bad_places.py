"""Places where files cannot be read or written, or change meanwhile: it is said, and none is lost.

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
import time

import pytest

from lint_rules.write import write_together
from tests.linter.conftest import FLOW

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="its places are made on Linux")

UNTYPED = FLOW.replace("    papers: list[str]\n\n", "").replace(
    "fetch(limit=10 if self.test_mode else None)", "[]"
)
"""A flow to mend."""
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
    with pytest.raises(OSError, match="somebody changed it meanwhile"):
        write_together({file: b"mended"}, {file: b"what was read"})
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
    assert [f.name for f in folder.path.iterdir()] == ["flow.py"]


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


def test_a_killed_fix_leaves_whole_files(folder):
    """Killed at any moment, each file is as it was or as it shall be, mode and newlines kept."""
    files = [folder.write(f"f{n}.py", UNTYPED.replace("\n", "\r\n")) for n in range(12)]
    for file in files:
        file.chmod(0o640)
    before = files[0].read_bytes()
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
    states = set()
    for patience in (0.3, 0.5, 0.7, 0.9, 1.2):
        process = subprocess.Popen(words, cwd=folder.path, stdout=subprocess.DEVNULL)
        time.sleep(patience)
        process.kill()
        process.wait()
        states |= {file.read_bytes() for file in files}
    assert run(folder, *words[3:]).returncode == 0
    after = files[0].read_bytes()
    assert b"    papers: list\r\n" in after
    assert states <= {before, after}
    assert {file.stat().st_mode & 0o777 for file in files} == {0o640}


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
    told = [process.communicate(timeout=60)[1] for process in both]
    for text in told:
        assert not text or "somebody changed it meanwhile" in text
    run(folder, *words[3:])
    assert {file.read_text() for file in files} == {
        UNTYPED.replace("FlowSpec):\n", "FlowSpec):\n    papers: list\n\n", 1)
    }
