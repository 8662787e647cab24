# SPDX-License-Identifier: Apache-2.0
"""Starts programs and measures them; run by a bare Python, so that it is small itself.

Reads one JSON array of arguments a line, runs it, and writes one JSON line: wall seconds, peak resident memory in
bytes, exit code. The environment is the caller's. Output goes to the files named by BENCH_STDOUT and BENCH_STDERR.
"""
import json
import os
import sys
import time

APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND


def main() -> None:
    files = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
             (os.POSIX_SPAWN_OPEN, 1, os.environ.get("BENCH_STDOUT", os.devnull), APPEND, 0o600),
             (os.POSIX_SPAWN_OPEN, 2, os.environ.get("BENCH_STDERR", os.devnull), APPEND, 0o600)]
    for line in sys.stdin:
        arguments = json.loads(line)
        begun = time.monotonic()
        pid = os.posix_spawn(arguments[0], arguments, os.environ, file_actions=files)
        _, status, usage = os.wait4(pid, 0)
        ended = time.monotonic()
        print(json.dumps({"seconds": ended - begun, "peak": usage.ru_maxrss * 1024,
                          "code": os.waitstatus_to_exitcode(status)}), flush=True)


main()
