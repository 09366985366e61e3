"""Scanners for tests: one of our own that behaves as told, and a real clamd with a signature database of one line."""

from __future__ import annotations

import shutil
import socketserver
import struct
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grants.documents.clamd import Clamd
from tests.support.machine import SYSTEM_PATHS

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SIGNATURES = f"Example-Eicar:0:*:{EICAR.hex()}\n"
CONFIGURATION = """
Foreground yes
LocalSocket {folder}/clamd.socket
DatabaseDirectory {folder}/signatures
TemporaryDirectory {folder}
StreamMaxLength 1M
PidFile {folder}/clamd.pid
"""


class FakeScanner(socketserver.ThreadingTCPServer):
    """Speaks clamd's INSTREAM on a port of its own. ``says`` is its answer; None lets it wait and say nothing."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.says: str | None = "stream: OK"
        self.hangs_up = False  # after the first chunk, as at a limit of size
        self.got = b""
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"clamd://127.0.0.1:{self.server_address[1]}"


class _Conversation(socketserver.StreamRequestHandler):
    server: FakeScanner

    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        if command == b"zPING\0":
            self.wfile.write(b"PONG\0")
            return
        self.server.got = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            self.server.got += self.rfile.read(size)
            if self.server.hangs_up:
                break
        if self.server.says is None:
            self.server.closing.wait()
            return
        self.wfile.write(self.server.says.encode() + b"\0")


@contextmanager
def fake_scanner() -> Iterator[FakeScanner]:
    """A scanner that answers until the block ends."""
    with FakeScanner() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()


@contextmanager
def real_clamd(folder: Path) -> Iterator[Clamd]:
    """A clamd of one's own, knowing the EICAR test file and nothing else."""
    program = shutil.which("clamd", path=SYSTEM_PATHS)
    assert program, "clamd is missing: make setup installs it (Debian: apt-get install clamav-daemon)"
    (folder / "signatures").mkdir()
    (folder / "signatures" / "example.ndb").write_text(SIGNATURES)
    (folder / "clamd.conf").write_text(CONFIGURATION.format(folder=folder))
    process = subprocess.Popen(
        [program, "--config-file", str(folder / "clamd.conf")], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    scanner = Clamd(str(folder / "clamd.socket"))
    try:
        assert process.stdout is not None
        said = b""
        while not scanner.is_well():
            assert process.poll() is None, f"clamd ended: {said.decode()}{process.stdout.read().decode()}"
            said += process.stdout.readline()
        yield scanner
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()
