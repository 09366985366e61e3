"""The data folder: who may use it, and where its socket fits."""

import fcntl
import hashlib
import os
import tempfile
from pathlib import Path
from typing import IO

SOCKET_PATH_LIMIT = 107  # bytes in sockaddr_un.sun_path, without the final NUL


class FolderInUseError(Exception):
    """Another launcher serves from this data folder."""


def hold_folder(data_dir: Path) -> IO[str]:
    """Make the folder (0700 if new) and take it for this process; the lock goes when the returned file is closed.

    Raises:
        FolderInUseError: it is held; the message names the holder's process.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = (data_dir / "launcher.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise FolderInUseError(
            f"{data_dir} is already served by another launcher (process {holder}). "
            "Stop it first, or set DATA_DIR and PORT to others."
        ) from None
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def socket_path(data_dir: Path, name: str) -> Path:
    """Where the socket ``name`` of this folder lies: inside, or in a short private folder where its path is too long.

    Raises:
        PermissionError: the short folder exists and belongs to somebody else.
    """
    inside = data_dir / name
    if len(os.fsencode(inside)) <= SOCKET_PATH_LIMIT:
        return inside
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"grants-{os.getuid()}-{digest}"
    short.mkdir(mode=0o700, exist_ok=True)
    owner = short.lstat()
    if short.is_symlink() or owner.st_uid != os.getuid() or owner.st_mode & 0o077:
        raise PermissionError(f"{short} is not a private folder of this user; remove it or shorten DATA_DIR.")
    return short / name
