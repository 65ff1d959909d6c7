"""Work that takes too long, or that nobody waits for any more."""

import threading

import pytest

from lint_rules.workspace.deadline import Cancelled, Deadline


def test_there_is_time():
    Deadline().check()
    Deadline(60).check()


def test_time_is_over():
    with pytest.raises(Cancelled, match="time is over"):
        Deadline(-1).check()


def test_another_thread_cancels():
    deadline = Deadline(60)
    thread = threading.Thread(target=deadline.cancel)
    thread.start()
    thread.join()
    for _ in range(2):
        with pytest.raises(Cancelled, match="cancelled"):
            deadline.check()
