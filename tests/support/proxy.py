"""A door in front of a server that everybody shares: closing it is, for those behind it, the server going down."""

import socket
import threading
from contextlib import suppress


class Proxy:
    """Forwards TCP from a port of its own to ``target`` while it is open."""

    def __init__(self, target: tuple[str, int]) -> None:
        self.target = target
        self.listener: socket.socket | None = None
        self.connections: list[socket.socket] = []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]

    def open(self) -> None:
        """Accept connections."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(64)
        self.listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def close(self) -> None:
        """Refuse new connections and break those there are."""
        if self.listener is not None:
            shut(self.listener)
            self.listener = None
        self.cut()

    def cut(self) -> None:
        """Break the connections there are; new ones are accepted at once."""
        broken, self.connections = self.connections, []
        for connection in broken:
            shut(connection)

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                try:
                    far = socket.create_connection(self.target)
                except OSError:
                    shut(near)
                    continue
                self.connections += [near, far]
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=forward, args=(source, sink), daemon=True).start()


def forward(source: socket.socket, sink: socket.socket) -> None:
    """Pass on what comes until either side is gone."""
    with suppress(OSError):
        while block := source.recv(65536):
            sink.sendall(block)
    shut(source)
    shut(sink)


def shut(connection: socket.socket) -> None:
    """Close a socket that another thread may be waiting on."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
