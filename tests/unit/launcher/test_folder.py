"""One launcher per data folder, and sockets whose path fits."""

import os
import stat

import pytest

from grants.launcher.folder import SOCKET_PATH_LIMIT, FolderInUseError, hold_folder, socket_path


def test_a_second_launcher_is_told_who_holds_the_folder(tmp_path):
    with hold_folder(tmp_path / "var"), pytest.raises(FolderInUseError, match=f"process {os.getpid()}"):
        hold_folder(tmp_path / "var")

    with hold_folder(tmp_path / "var"):
        assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


def test_a_socket_lies_in_its_folder_where_the_path_fits(tmp_path):
    assert socket_path(tmp_path, "redis.sock") == tmp_path / "redis.sock"


def test_a_socket_of_a_deep_folder_lies_in_a_short_private_one(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    deep = tmp_path / ("d" * SOCKET_PATH_LIMIT)

    path = socket_path(deep, "redis.sock")

    assert path.parent.parent == tmp_path
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path == socket_path(deep, "redis.sock")
    assert path != socket_path(tmp_path / ("e" * SOCKET_PATH_LIMIT), "redis.sock")


def test_a_short_folder_that_others_may_enter_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    deep = tmp_path / ("d" * SOCKET_PATH_LIMIT)
    socket_path(deep, "redis.sock").parent.chmod(0o755)

    with pytest.raises(PermissionError):
        socket_path(deep, "redis.sock")
