"""The modules of the standard library, the same on every Python that the linter runs on."""

import sys

_GONE_SINCE_3_10 = frozenset(
    [
        "aifc",
        "asynchat",
        "asyncore",
        "audioop",
        "binhex",
        "cgi",
        "cgitb",
        "chunk",
        "crypt",
        "distutils",
        "imghdr",
        "imp",
        "lib2to3",
        "mailcap",
        "msilib",
        "nis",
        "nntplib",
        "ossaudiodev",
        "pipes",
        "smtpd",
        "sndhdr",
        "spwd",
        "sunau",
        "telnetlib",
        "uu",
        "xdrlib",
    ]
)
_NEW_SINCE_3_10 = frozenset(["annotationlib", "compression", "concurrent", "string", "tomllib"])

STDLIB = sys.stdlib_module_names | _GONE_SINCE_3_10 | _NEW_SINCE_3_10
"""Top-level names of the standard library from Python 3.10 to 3.14."""
