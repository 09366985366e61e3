"""Settings from the environment, read once and frozen. docs/operations.md lists every variable with its meaning."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

KEY_BYTES = 32  # of a key of Ed25519, either half


class MissingSettingError(RuntimeError):
    """A variable that production cannot do without is not set; the message names it."""


class MalformedSettingError(RuntimeError):
    """A variable holds something else than it should; the message names it and says what it should."""


@dataclass(frozen=True, slots=True)
class Settings:
    """``mode`` is ``demo`` (default), ``production`` or ``test``; only production insists on its secrets."""

    mode: str
    data_dir: Path
    database_url: str
    broker_url: str
    storage_url: str
    mail_url: str
    public_url: str
    secret_key: str
    audit_key: bytes
    audit_key_id: str
    audit_old_keys: tuple[tuple[str, bytes], ...]
    signing_key: bytes
    signing_old_keys: tuple[bytes, ...]
    instance: str
    port: int
    threads: int = 8
    proxies: int = 0
    metrics_token: str = ""
    scanner_url: str = ""
    uploads_dir: Path | None = None
    templates: Path | None = None
    registers: tuple[tuple[str, str], ...] = ()

    @property
    def parts_dir(self) -> Path:
        """Where uploads arrive in pieces; several web machines share it."""
        return self.uploads_dir or self.data_dir / "uploads"

    @property
    def templates_dir(self) -> Path:
        """Where the blank forms lie that definitions name as templates, in a folder for each programme."""
        return self.templates or self.data_dir / "templates"

    @property
    def is_production(self) -> bool:
        return self.mode == "production"

    @property
    def clock_can_move(self) -> bool:
        """Whether the demonstration clock of decision 14 exists at all."""
        return not self.is_production

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read the environment; raises MissingSettingError naming the first variable that production lacks."""
        mode = environ.get("GRANTS_MODE", "demo")
        data_dir = Path(environ.get("DATA_DIR", "var")).resolve()
        port = int(environ.get("PORT", "5000"))

        def secret(name: str) -> str:
            return _required(environ, name) if mode == "production" else _kept_secret(environ, name, data_dir)

        return cls(
            mode=mode,
            data_dir=data_dir,
            database_url=environ.get("DATABASE_URL") or _sqlite_url(mode, data_dir, environ),
            broker_url=environ.get("BROKER_URL", ""),
            storage_url=environ.get("STORAGE_URL", f"file://{data_dir}/files"),
            mail_url=environ.get("MAIL_URL", f"folder://{data_dir}/mail"),
            public_url=_public_url(mode, port, environ),
            secret_key=secret("SECRET_KEY"),
            audit_key=secret("AUDIT_KEY").encode(),
            audit_key_id=environ.get("AUDIT_KEY_ID", "k1"),
            audit_old_keys=_old_keys(environ.get("AUDIT_OLD_KEYS", "")),
            signing_key=_key("SIGNING_KEY", secret("SIGNING_KEY")),
            signing_old_keys=tuple(
                _key("SIGNING_OLD_KEYS", text) for text in environ.get("SIGNING_OLD_KEYS", "").split()
            ),
            instance=environ.get("INSTANCE", "grants"),
            port=port,
            threads=int(environ.get("THREADS", "8")),
            proxies=int(environ.get("PROXIES", "0")),
            metrics_token=environ.get("METRICS_TOKEN", ""),
            scanner_url=environ.get("SCANNER_URL", ""),
            registers=tuple(sorted(pair for pair in environ.items() if pair[0].startswith("REGISTER_"))),
            uploads_dir=_folder(environ, "UPLOADS_DIR"),
            templates=_folder(environ, "TEMPLATES_DIR"),
        )


def _required(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "")
    if not value:
        raise MissingSettingError(f"{name} must be set in production mode")
    return value


def _folder(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]).resolve() if environ.get(name) else None


def _old_keys(text: str) -> tuple[tuple[str, bytes], ...]:
    """Earlier keys of the audit log as ``id:key``, separated by blanks."""
    pairs = (entry.partition(":") for entry in text.split())
    return tuple((key_id, secret.encode()) for key_id, _, secret in pairs)


def _key(name: str, text: str) -> bytes:
    with suppress(ValueError):
        key = bytes.fromhex(text)
        if len(key) == KEY_BYTES:
            return key
    raise MalformedSettingError(f"{name} must be {2 * KEY_BYTES} hexadecimal digits")


def _sqlite_url(mode: str, data_dir: Path, environ: Mapping[str, str]) -> str:
    if mode == "production":
        return _required(environ, "DATABASE_URL")
    return f"sqlite:///{data_dir}/grants.sqlite3"


def _public_url(mode: str, port: int, environ: Mapping[str, str]) -> str:
    """Where people reach the site: mails point there, and https makes the session cookie secure."""
    url = _required(environ, "PUBLIC_URL") if mode == "production" else environ.get("PUBLIC_URL", "")
    return (url or f"http://127.0.0.1:{port}").rstrip("/")


def _kept_secret(environ: Mapping[str, str], name: str, data_dir: Path) -> str:
    """The variable, or a secret made once and kept beside the data, so that sessions and seals survive a restart."""
    if environ.get(name):
        return environ[name]
    kept = data_dir / f".{name.lower()}"
    if not kept.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        _make_secret(kept)
    return kept.read_text().strip()


def _make_secret(kept: Path) -> None:
    """Put a new secret at ``kept`` whole or not at all; of several processes that start together the first one's."""
    fresh = kept.with_name(f"{kept.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(32))
    with suppress(FileExistsError):
        os.link(fresh, kept)
    fresh.unlink()
