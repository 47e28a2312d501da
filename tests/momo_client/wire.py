"""A server that misbehaves as it is told to."""

import socket
import socketserver
import struct
import threading
from contextlib import suppress
from typing import ClassVar


class Drip(bytes):
    """A reply that arrives byte by byte, each one long before a patient reader gives up."""


class Wire:
    """A server that answers with the bytes it was given, one script entry per connection.

    RESET ends a connection with a real RST, HANG answers nothing until the client gives up.
    """

    RESET: ClassVar = b"<reset>"
    HANG: ClassVar = b"<hang>"

    def __init__(self) -> None:
        self.script: list[bytes] = []
        self.requests: list[bytes] = []
        wire = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                wire.answer(self.connection)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, connection: socket.socket) -> None:
        self.requests.append(_read_request(connection))
        reply = self.script.pop(0)
        if reply is self.RESET:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
        elif reply is self.HANG:
            connection.recv(1)
        elif isinstance(reply, Drip):
            _drip(connection, reply)
        else:
            with suppress(ConnectionError):
                connection.sendall(reply)

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _drip(connection: socket.socket, reply: bytes) -> None:
    """Until all is sent or the client has gone; its silence between two bytes is the pace."""
    connection.settimeout(0.05)
    for position in range(len(reply)):
        try:
            connection.sendall(reply[position : position + 1])
            connection.recv(1)
        except TimeoutError:
            continue
        except ConnectionError:
            pass
        return


def _read_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    ]
    while lengths and len(body) < lengths[0]:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
