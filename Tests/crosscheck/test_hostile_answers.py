# SPDX-License-Identifier: Apache-2.0
"""The client over real HTTP against a server that cuts off, floods, drips and lies: every call ends, and as an error.

COUNTERSIGN_TEST_SEED repeats a run, CLOUDCHECK_BINARY names the program (default: the debug build's).
"""
import gzip
import os
import random
import socket
import subprocess
import threading
import time
from pathlib import Path

from test_transactions import SEED, program

COUNT = int(os.environ.get("HOSTILE_COUNT", "340"))
MEGABYTE = 1024 * 1024


def head(status: int = 200, *fields: str, kind: str = "application/json") -> bytes:
    lines = [f"HTTP/1.1 {status} X", f"Content-Type: {kind}", *fields]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def whole(body: bytes, *fields: str, status: int = 200) -> bytes:
    return head(status, f"Content-Length: {len(body)}", *fields) + body


def flood(total: int):
    """A long body in chunks that are sent one by one."""
    yield head(200, f"Content-Length: {total}")
    block = b'{"a":1},' * (MEGABYTE // 8)
    for _ in range(total // MEGABYTE):
        yield block


def endless():
    yield head(200, "Transfer-Encoding: chunked")
    block = b"x" * 65536
    for _ in range(800):
        yield b"10000\r\n" + block + b"\r\n"


def drip(data: bytes):
    """Too slow for any deadline."""
    for byte in data:
        yield bytes([byte])
        time.sleep(0.25)


# What the server may do, with how often; slow ones are rare, since each takes the client's deadline.
ANSWERS = [
    (6, lambda rng: [head(200, "Transfer-Encoding: chunked") + b'8\r\n{"id":1,']),
    (6, lambda rng: [head(200, "Transfer-Encoding: chunked") + b'ffffffffffffffff\r\n{"id":1}\r\n0\r\n\r\n']),
    (6, lambda rng: [head(200, "Transfer-Encoding: chunked") + b'zz\r\n{}\r\n0\r\n\r\n']),
    (6, lambda rng: [head(200, "Content-Length: 100") + b'{"id":1}']),
    (4, lambda rng: [head(200, "Content-Length: -1") + b"{}"]),
    (6, lambda rng: [whole(b'{"id":"\xff\xfe\xc0\xaf"}')]),
    (6, lambda rng: [whole(gzip.compress(b"{}" + b" " * MEGABYTE * 8), "Content-Encoding: gzip")]),
    (6, lambda rng: [whole(b"[" * 100_000)]),
    (6, lambda rng: [whole(b'{"detail":' * 5000 + b"1" + b"}" * 5000, status=rng.choice([400, 404, 409, 465, 500]))]),
    (6, lambda rng: [whole(rng.randbytes(rng.randrange(4000)), status=rng.choice([200, 202, 400, 465, 466, 503]))]),
    (4, lambda rng: [b"HTTP/1.1 99999 X\r\n\r\n{}"]),
    (4, lambda rng: [rng.randbytes(200)]),
    (4, lambda rng: [b"HTTP/1.1 200 X\r\n" + b"".join(b"X-%d: %s\r\n" % (i, b"y" * 1000) for i in range(2000))]),
    (4, lambda rng: [whole(b"", "Location: http://127.0.0.1:1/", status=302)]),
    (4, lambda rng: []),
    (4, lambda rng: [whole(b"{}", "Retry-After: 99999999999999999999", status=429)]),
    (1, lambda rng: flood(50 * MEGABYTE)),
    (1, lambda rng: endless()),
    (1, lambda rng: drip(head() + b"{" * 100)),
]


class Server(threading.Thread):
    """One connection for each request; what is asked does not matter."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.rng = random.Random(SEED)
        self.served = 0

    def run(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            [answer] = self.rng.choices([a for _, a in ANSWERS], [weight for weight, _ in ANSWERS])
            threading.Thread(target=self.serve, args=(connection, answer, self.rng.getrandbits(64)),
                             daemon=True).start()

    def serve(self, connection: socket.socket, answer, seed: int):
        with connection:
            try:
                connection.settimeout(10)
                request = b""
                while b"\r\n\r\n" not in request:
                    part = connection.recv(65536)
                    if not part:
                        return
                    request += part
                self.served += 1
                for part in answer(random.Random(seed)):
                    connection.sendall(part)
                connection.shutdown(socket.SHUT_WR)
                connection.recv(65536)
            except OSError:
                pass


def test_whatever_a_server_does_every_call_ends_as_an_error():
    binary = os.environ.get("CLOUDCHECK_BINARY") or str(Path(program()).with_name("cloudcheck"))
    server = Server()
    server.start()
    try:
        done = subprocess.run([binary, "hostile", f"http://127.0.0.1:{server.port}/api/v1", str(COUNT)],
                              capture_output=True, text=True, timeout=300)
    finally:
        server.socket.close()
    told = f"COUNTERSIGN_TEST_SEED={SEED}\n{done.stdout}{done.stderr}"
    assert done.returncode == 0, told
    results = dict((name, int(number)) for name, number in (line.rsplit(" ", 1) for line in done.stdout.splitlines()))
    memory = results.pop("memory")
    assert sum(results.values()) == COUNT and server.served >= COUNT, told
    assert results.get("read", 0) <= COUNT // 50, told
    assert memory < 200, told
