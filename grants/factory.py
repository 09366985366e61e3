"""Making the application: extensions, blueprints, error pages, template globals, command groups. The only place that
knows all stages."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask import Flask, g, request
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from grants import audit, documents, notifications
from grants.accounts import queries as accounts_queries
from grants.accounts import services as accounts_services
from grants.cli import register_commands
from grants.config import Settings
from grants.db import begin_request, db, dialect, end_request, read_only
from grants.db.demo_clock import read_offset
from grants.kernel import clock, signing
from grants.ops import presenters as ops_presenters
from grants.outbox import wake
from grants.programmes import services as programmes
from grants.registers import services as registers
from grants.registers.domain import services_of
from grants.web import (
    addresses,
    attributes,
    errors,
    filters,
    guards,
    headers,
    incoming,
    navigation,
    styleguide,
    texts,
    wording,
)

ROOT = Path(__file__).resolve().parent.parent
STAGES = (
    "notifications",
    "accounts",
    "registers",
    "programmes",
    "calls",
    "applications",
    "eligibility",
    "reviews",
    "decisions",
    "publication",
    "desk",
    "ops",
)
MEGABYTE = 1_048_576
PROBES = frozenset({"ops.healthz", "ops.readyz"})  # must answer with the database down, so they read nothing before
SITE_TITLE = "产业专项申报系统（模拟）"


def create_app(settings: Settings | None = None) -> Flask:
    """A ready application; ``settings`` are those of the environment unless given."""
    settings = settings or Settings.from_env()
    app = Flask("grants", root_path=str(ROOT / "grants"), template_folder="../templates", static_folder="../static")
    app.config.from_mapping(_flask_config(settings))
    app.extensions["settings"] = settings
    old_keys = [audit.AuditKey(*known) for known in settings.audit_old_keys]
    audit.use_key(audit.AuditKey(settings.audit_key_id, settings.audit_key), *old_keys)
    signing.use_signing_key(
        signing.SigningKey(settings.signing_key), *map(signing.PublicKey, settings.signing_old_keys)
    )
    notifications.use_site(settings.public_url)
    wake.use_address(wake.address(settings))
    documents.use_store(documents.store_of(settings.storage_url, spool=settings.data_dir / "spool"))
    documents.use_scanner(documents.scanner_of(settings.scanner_url))
    registers.use_services(services_of(dict(settings.registers)))
    documents.use_parts(documents.FolderParts(settings.parts_dir))
    programmes.use_templates(settings.templates_dir)
    _install_database(app)
    _install_extensions(app)
    _install_edge(app)
    for stage in STAGES:
        _install_stage(app, stage)
    register_commands(app)
    return app


def _flask_config(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.mode == "test",
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": dialect.engine_options(settings.database_url, settings.threads),
        "MAX_CONTENT_LENGTH": 25 * MEGABYTE,  # one document of 20 MB and its form
        "MAX_FORM_MEMORY_SIZE": 2 * MEGABYTE,
        "MAX_FORM_PARTS": 5_000,
        "SESSION_COOKIE_NAME": f"{settings.instance}_session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.public_url.startswith("https://"),
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a long form must not expire under its author
        "BOOTSTRAP_SERVE_LOCAL": True,
        "BABEL_DEFAULT_LOCALE": "zh_Hans_CN",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
        "JSON_AS_ASCII": False,
    }


def _install_database(app: Flask) -> None:
    settings: Settings = app.extensions["settings"]
    if settings.database_url.startswith("sqlite:///"):
        Path(settings.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    with app.app_context():
        for engine in db.engines.values():
            dialect.install(engine)


def _install_extensions(app: Flask) -> None:
    Babel(app)
    texts.install_texts(app)
    attributes.install_attributes()
    Bootstrap5(app)
    CSRFProtect(app)
    login = LoginManager(app)
    login.session_protection = None  # addresses of mobile users change; the session's row is what ends it
    login.user_loader(_signed_in)
    settings: Settings = app.extensions["settings"]
    if settings.proxies:  # without it all visitors would share one address, and one source's limit of failed sign-ins
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0)  # type: ignore[method-assign]
    app.wsgi_app = WhiteNoise(app.wsgi_app, root=app.static_folder, prefix="static/", autorefresh=app.debug)  # type: ignore[method-assign]


def _install_edge(app: Flask) -> None:
    incoming.install_incoming(app)
    addresses.install_addresses(app)
    wording.install_wording(app)
    wording.add_wording(app, documents.REFUSALS, documents.STATES)
    filters.install_filters(app)
    errors.install_errors(app)
    app.before_request(_begin)
    app.before_request(guards.check_access)
    app.after_request(headers.add_headers)
    app.teardown_request(_end)
    app.context_processor(_template_context)
    app.register_blueprint(styleguide.bp)


def _begin() -> None:
    """Choose the transaction's mode, then set the clock; before anything asks the database or the time.

    Runs after the check of the form's token, which has read the whole body: a slow upload must not hold a transaction.
    """
    endpoint = request.endpoint or ""
    begin_request(request.method, guards.current_app.view_functions.get(endpoint))
    if not endpoint.endswith("static") and endpoint not in PROBES:
        settings: Settings = guards.current_app.extensions["settings"]
        g.clock_offset = read_offset(db.session()) if settings.clock_can_move else timedelta(0)
        clock.set_offset(g.clock_offset)


def _end(error: BaseException | None) -> None:
    """Leave nothing of this request to the next one on the same thread."""
    end_request()
    clock.set_offset(timedelta(0))


def _signed_in(key: str) -> accounts_queries.SignedIn | None:
    """Who the cookie's session belongs to; notes once a day that something was sent from there."""
    found, today = accounts_queries.find_signed_in(db.session(), key), clock.local_date(clock.real_now())
    if found is not None and found.seen_on != today and not read_only.get():
        accounts_services.note_seen(db.session(), found.session_id, on=today)
    return found


def _template_context() -> dict[str, Any]:
    return {
        "site_title": SITE_TITLE,
        "current_actor": guards.current_actor(),
        "navigation": navigation.navigation,
        "may_open": guards.may_open,
        "footer_groups": navigation.footer_groups(guards.current_actor()),
        "server_time": clock.utc_now(),
        "demo_clock": ops_presenters.clock_banner(g.get("clock_offset", timedelta(0)), guards.current_actor()),
        **navigation.account_links(),
    }


def _install_stage(app: Flask, stage: str) -> None:
    """Blueprint and words of one stage; a stage without pages has no ``views``."""
    if find_spec(f"grants.{stage}.models"):
        import_module(f"grants.{stage}.models")  # mapped before the first query configures the mappers
    if find_spec(f"grants.{stage}.presenters"):
        presenters = import_module(f"grants.{stage}.presenters")
        wording.add_wording(app, getattr(presenters, "REASONS", {}), getattr(presenters, "STATES", {}))
    if find_spec(f"grants.{stage}.views"):
        app.register_blueprint(import_module(f"grants.{stage}.views").bp)
