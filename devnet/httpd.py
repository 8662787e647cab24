# SPDX-License-Identifier: Apache-2.0
"""A small HTTP/1.1 server on loopback: keep-alive, a thread a connection, no Nagle delay.

Own code, because the faults need to be below HTTP: answers cut in the middle, dripped byte by byte,
connections closed before or after processing.
"""
import json
import select
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Callable, Iterator, Optional
from urllib.parse import parse_qsl, unquote, urlsplit

MAX_HEAD = 64 * 1024
MAX_BODY = 32 * 1024 * 1024
REASONS = {200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 302: "Found", 400: "Bad Request",
           401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict",
           413: "Payload Too Large", 415: "Unsupported Media Type", 422: "Unprocessable Entity",
           429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway",
           503: "Service Unavailable", 504: "Gateway Timeout"}


class CloseConnection(Exception):
    """Raised by a handler: hang up without an answer."""


class BadRequest(Exception):
    """The bytes are no acceptable HTTP request."""


@dataclass
class Request:
    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]          # names in lower case
    body: bytes
    target: str = ""                 # path and query as they were sent
    wait_for_hangup: Callable[[Optional[float]], None] = lambda seconds: None
    hung_up: Callable[[], bool] = lambda: False


@dataclass
class Response:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    stream: Optional[Iterator[bytes]] = None   # instead of body, in chunks; closed at the end, however it ends
    cut: Optional[int] = None                  # hang up after this many bytes of the body
    drip: Optional[float] = None               # seconds between single bytes

    @classmethod
    def json(cls, value, status: int = 200, headers: Optional[dict] = None) -> "Response":
        body = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
        return cls(status, body, {"Content-Type": "application/json", **(headers or {})})


class HttpServer:
    def __init__(self, handler: Callable[[Request], Response], port: int = 0, name: str = "http"):
        self.handler = handler
        self.name = name
        self.stopping = threading.Event()
        self.connections: set[socket.socket] = set()
        self.guard = threading.Lock()
        self.socket = socket.create_server(("127.0.0.1", port), backlog=256)
        self.port = self.socket.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "HttpServer":
        threading.Thread(target=self._accept, name=self.name, daemon=True).start()
        return self

    def stop(self) -> None:
        self.stopping.set()
        with self.guard:
            sockets = [self.socket, *self.connections]
        for each in sockets:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.socket.close()

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with self.guard:
                self.connections.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reader = connection.makefile("rb")
        try:
            while not self.stopping.is_set():
                request = self._read(connection, reader)
                if request is None:
                    return
                response = self.handler(request)
                keep = request.headers.get("connection", "").lower() != "close"
                if not _write(connection, request, response, keep):
                    return
        except BadRequest as error:
            _send(connection, f"HTTP/1.1 400 Bad Request\r\nContent-Length: {len(str(error))}\r\n"
                              f"Connection: close\r\n\r\n{error}".encode())
        except (CloseConnection, OSError):
            pass
        finally:
            with self.guard:
                self.connections.discard(connection)
            reader.close()
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            connection.close()

    def _read(self, connection: socket.socket, reader) -> Optional[Request]:
        line = reader.readline(MAX_HEAD)
        if not line:
            return None
        parts = line.decode("latin-1").split()
        if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
            raise BadRequest("malformed request line")
        headers, size = {}, 0
        while True:
            line = reader.readline(MAX_HEAD)
            size += len(line)
            if size > MAX_HEAD or not line:
                raise BadRequest("headers too long or cut off")
            if line in (b"\r\n", b"\n"):
                break
            name, colon, value = line.decode("latin-1").partition(":")
            if not colon:
                raise BadRequest("malformed header")
            headers[name.strip().lower()] = value.strip()
        if headers.get("expect", "").lower() == "100-continue":
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        url = urlsplit(parts[1])
        return Request(parts[0], unquote(url.path), parse_qsl(url.query, keep_blank_values=True), headers,
                       _read_body(reader, headers), parts[1],
                       lambda seconds: self._wait_for_hangup(connection, seconds), lambda: _hung_up(connection))

    def _wait_for_hangup(self, connection: socket.socket, seconds: Optional[float]) -> None:
        end = None if seconds is None else time.monotonic() + seconds
        while not self.stopping.is_set() and (end is None or time.monotonic() < end):
            ready, _, _ = select.select([connection], [], [], 0.1)
            if ready and not connection.recv(1, socket.MSG_PEEK):
                return
            if ready:  # pipelined bytes: the peer is still there
                time.sleep(0.05)


def _read_body(reader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = b""
        while True:
            try:
                size = int(reader.readline(64).split(b";")[0], 16)
            except ValueError:
                raise BadRequest("malformed chunk") from None
            if len(body) + size > MAX_BODY:
                raise BadRequest("body too long")
            body += reader.read(size)
            reader.readline(8)
            if size == 0:
                return body
    try:
        length = int(headers.get("content-length", "0"))
    except ValueError:
        raise BadRequest("malformed content length") from None
    if not 0 <= length <= MAX_BODY:
        raise BadRequest("body too long")
    body = reader.read(length)
    if len(body) < length:
        raise CloseConnection
    return body


def _write(connection: socket.socket, request: Request, response: Response, keep: bool) -> bool:
    """Sends the answer; False when the connection is over."""
    head = [f"HTTP/1.1 {response.status} {REASONS.get(response.status, 'Status')}"]
    head += [f"{name}: {value}" for name, value in response.headers.items()]
    if response.stream is not None:
        return _write_stream(connection, head, response, keep)
    body = b"" if response.status == 204 or request.method == "HEAD" else response.body
    if response.status != 204:
        head.append(f"Content-Length: {len(response.body)}")
    if not keep:
        head.append("Connection: close")
    raw = "\r\n".join([*head, "", ""]).encode("latin-1")
    if response.cut is not None:
        connection.sendall(raw + body[:response.cut])
        return False
    if response.drip is not None:
        connection.sendall(raw)
        for byte in body:
            connection.sendall(bytes([byte]))
            time.sleep(response.drip)
        return keep
    connection.sendall(raw + body)
    return keep


def _write_stream(connection: socket.socket, head: list[str], response: Response, keep: bool) -> bool:
    """Sends pieces as chunks. A cut one ends without the last chunk."""
    try:
        head.append("Transfer-Encoding: chunked")
        if not keep:
            head.append("Connection: close")
        connection.sendall("\r\n".join([*head, "", ""]).encode("latin-1"))
        left = response.cut
        for piece in response.stream:
            sent = piece if left is None else piece[:left]
            if sent:
                connection.sendall(b"%x\r\n%b\r\n" % (len(sent), sent))
            if left is not None:
                left -= len(sent)
                if left <= 0:
                    return False
            if response.drip is not None:
                time.sleep(response.drip)
        connection.sendall(b"0\r\n\r\n")
        return keep
    finally:
        close = getattr(response.stream, "close", None)
        if close is not None:
            close()


def _hung_up(connection: socket.socket) -> bool:
    ready, _, _ = select.select([connection], [], [], 0)
    return bool(ready) and not connection.recv(1, socket.MSG_PEEK)


def _send(connection: socket.socket, raw: bytes) -> None:
    try:
        connection.sendall(raw)
    except OSError:
        pass
