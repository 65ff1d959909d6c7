"""Asks a server of `copies.py` to run a program, and ends as it ends.

`python -IS asking.py SOCKET ARGUMENTS` is a process that takes little, and that whoever started it
can wait for and kill: it stands for the program, which gets its streams, folder and environment.
"""

import marshal
import os
import signal
import sys

# The modules `socket`, `json` and `pathlib` take longer to import than all the rest.
from _socket import AF_UNIX, SCM_RIGHTS, SOL_SOCKET, socket


def ask(
    place: str, arguments: list[str], cwd: str, env: dict[str, str], streams: tuple[int, ...]
) -> int:
    """Have a program run, and wait for its exit status, which is negative for a signal.

    Args:
        place: The socket of the server.
        arguments: The program's arguments.
        cwd: The folder that it runs in.
        env: All of its environment variables.
        streams: What is its standard input, output and error.
    """
    connection = socket(AF_UNIX)
    connection.connect(place)
    task = marshal.dumps((arguments, cwd, env))
    numbers = b"".join(number.to_bytes(4, sys.byteorder) for number in streams)
    connection.sendmsg([len(task).to_bytes(8, "big")], [(SOL_SOCKET, SCM_RIGHTS, numbers)])
    connection.sendall(task)
    answer = connection.recv(16)
    connection.close()
    if not answer:
        raise RuntimeError(f"the server of copies ended while it ran {arguments}")
    return int(answer)


if __name__ == "__main__":
    status = ask(sys.argv[1], sys.argv[2:], os.getcwd(), dict(os.environ), (0, 1, 2))  # noqa: PTH109
    if status < 0:
        signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    sys.exit(status)
