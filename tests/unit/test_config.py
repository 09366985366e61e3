"""Settings from the environment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from grants.config import MalformedSettingError, MissingSettingError, Settings

AT_ONCE = 8
PRODUCTION = {
    "SECRET_KEY": "for tests only",
    "AUDIT_KEY": "for tests only",
    "SIGNING_KEY": "5e" * 32,
    "DATABASE_URL": "postgresql://tests.example/grants",
    "PUBLIC_URL": "https://tests.example",
}


@pytest.mark.parametrize("number", range(20))
def test_processes_that_start_together_share_one_secret(tmp_path, number):
    barrier = Barrier(AT_ONCE)

    def start(_):
        barrier.wait()
        settings = Settings.from_env({"DATA_DIR": str(tmp_path / "new")})
        return settings.secret_key, settings.audit_key

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = set(pool.map(start, range(AT_ONCE)))

    assert len(found) == 1
    secret_key, audit_key = found.pop()
    assert len(secret_key) == len(audit_key) == 64
    assert {file.name for file in (tmp_path / "new").iterdir()} == {".secret_key", ".audit_key", ".signing_key"}
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "new").iterdir()} == {0o600}


@pytest.mark.parametrize("name", sorted(PRODUCTION))
@pytest.mark.parametrize("value", [None, ""])
def test_production_names_what_it_lacks(tmp_path, name, value):
    environ = {"GRANTS_MODE": "production", "DATA_DIR": str(tmp_path), **PRODUCTION}
    del environ[name]
    if value is not None:
        environ[name] = value

    with pytest.raises(MissingSettingError, match=name):
        Settings.from_env(environ)


def test_earlier_keys_of_the_log_are_read_in_pairs():
    settings = Settings.from_env(
        {"GRANTS_MODE": "production", **PRODUCTION, "AUDIT_KEY_ID": "k3", "AUDIT_OLD_KEYS": "k1:one  k2:two:three"}
    )

    assert settings.audit_old_keys == (("k1", b"one"), ("k2", b"two:three"))
    assert settings.audit_key_id == "k3"


@pytest.mark.parametrize("name", ["SIGNING_KEY", "SIGNING_OLD_KEYS"])
@pytest.mark.parametrize("value", ["for tests only", "5e" * 31, f"{'5e' * 32}0"])
def test_a_key_that_is_none_is_named(name, value):
    with pytest.raises(MalformedSettingError, match=name):
        Settings.from_env({"GRANTS_MODE": "production", **PRODUCTION, name: value})


def test_earlier_signing_keys_are_read_one_after_the_other():
    settings = Settings.from_env(
        {"GRANTS_MODE": "production", **PRODUCTION, "SIGNING_OLD_KEYS": f"{'a1' * 32} {'b2' * 32}"}
    )

    assert settings.signing_key == bytes.fromhex("5e" * 32)
    assert settings.signing_old_keys == (bytes.fromhex("a1" * 32), bytes.fromhex("b2" * 32))
