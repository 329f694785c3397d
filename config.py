"""Every setting of the platform: typed, read once from FORSAMLINGSHUS_* variables, refused when wrong."""

import importlib.util
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "FORSAMLINGSHUS_"
ROLES = ("all", "web", "live", "jobs")
"""What a process does: everything; pages and writes; live connections; drawing slides and other work."""


class SettingsError(Exception):
    """A setting is unknown or malformed; the message says which and how to mend it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one instance. Each field is the variable FORSAMLINGSHUS_<NAME>; see docs/settings.md."""

    data_dir: Path
    database_url: str
    secret_key: str
    public_url: str
    demo_password: str
    default_language: str
    accessibility_url: str
    session_days: int
    threads: int
    socket_cap: int
    trusted_proxies: int
    port: int
    role: str
    workers: int
    redis_url: str

    @property
    def on_sqlite(self) -> bool:
        """True for the embedded database, which one process alone may serve."""
        return self.database_url.startswith("sqlite")

    @property
    def holds_sockets(self) -> bool:
        """True for a process that takes the browsers' live connections."""
        return self.role in {"all", "live"}

    @property
    def secure(self) -> bool:
        """True when citizens reach the site over https: cookies are then Secure and `__Host-`."""
        return self.public_url.startswith("https://")

    @property
    def hosts(self) -> list[str]:
        """The names by which the site may be asked for: its own, and those that only this machine can use."""
        return [urlsplit(self.public_url).hostname or "", "127.0.0.1", "localhost"]


def load(environ: Mapping[str, str]) -> Settings:
    """Read the settings from `environ`.

    Raises SettingsError for a variable that does not exist or whose value makes no sense.
    """
    given = {name[len(PREFIX) :].lower(): value.strip() for name, value in environ.items() if name.startswith(PREFIX)}
    known = {field.name for field in fields(Settings)}
    for name in sorted(set(given) - known):
        raise SettingsError(f"{PREFIX}{name.upper()} is not a setting. docs/settings.md lists those that exist.")
    data_dir = Path(given.get("data_dir") or "var").resolve()
    port = _number("port", given.get("port"), 8000, 1, 65535)
    public_url = _url("public_url", given.get("public_url") or f"http://127.0.0.1:{port}")
    settings = Settings(
        data_dir=data_dir,
        database_url=_database_url(given.get("database_url") or f"sqlite:///{data_dir / 'forsamlingshus.db'}"),
        secret_key=given.get("secret_key") or "",
        public_url=public_url.rstrip("/"),
        demo_password=given.get("demo_password") or "",
        default_language=_choice("default_language", given.get("default_language") or "da", ("da", "en")),
        accessibility_url=_url("accessibility_url", given.get("accessibility_url") or "", empty=True),
        session_days=_number("session_days", given.get("session_days"), 30, 1, 365),
        threads=_number("threads", given.get("threads"), 384, 16, 2048),
        socket_cap=_number("socket_cap", given.get("socket_cap"), 320, 0, 20000),
        trusted_proxies=_number("trusted_proxies", given.get("trusted_proxies"), 0, 0, 5),
        port=port,
        role=_choice("role", given.get("role") or "all", ROLES),
        workers=_number("workers", given.get("workers"), 1, 1, 32),
        redis_url=_redis_url(given.get("redis_url") or ""),
    )
    _refuse_unsafe(settings)
    return settings


def secret_key(settings: Settings) -> str:
    """Return the key that signs cookies: the setting, or a random one kept in the data folder of a local instance."""
    if settings.secret_key:
        return settings.secret_key
    kept = settings.data_dir / "secret_key"
    if not kept.exists():
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return kept.read_text(encoding="ascii")


def _refuse_unsafe(settings: Settings) -> None:
    if settings.secret_key and len(settings.secret_key) < 32:
        raise SettingsError(f"{PREFIX}SECRET_KEY is too short: give at least 32 random characters.")
    if settings.secure and not settings.secret_key:
        raise SettingsError(f"{PREFIX}SECRET_KEY must be set when {PREFIX}PUBLIC_URL begins with https.")
    _refuse_unsafe_processes(settings)
    if settings.role == "all" and settings.socket_cap > settings.threads - 64:
        raise SettingsError(
            f"{PREFIX}SOCKET_CAP is {settings.socket_cap}, but {PREFIX}THREADS ({settings.threads}) leaves room for "
            f"{max(settings.threads - 64, 0)}: 64 threads are kept for pages."
        )
    if settings.demo_password and len(settings.demo_password) < 8:
        raise SettingsError(f"{PREFIX}DEMO_PASSWORD must have at least 8 characters.")


def _refuse_unsafe_processes(settings: Settings) -> None:
    several = f"{PREFIX}ROLE={settings.role}" if settings.role != "all" else f"{PREFIX}WORKERS={settings.workers}"
    if settings.role != "all" or settings.workers > 1:
        if settings.on_sqlite:
            raise SettingsError(f"{several} needs PostgreSQL in {PREFIX}DATABASE_URL: SQLite serves one process.")
        if not settings.redis_url:
            raise SettingsError(f"{several} needs {PREFIX}REDIS_URL: processes share limits, jobs and nudges there.")
    if settings.role == "all" and settings.workers > 1:
        raise SettingsError(f"{several} needs {PREFIX}ROLE=web, with the roles live and jobs beside it.")


def _number(name: str, value: str | None, default: int, low: int, high: int) -> int:
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        raise SettingsError(f"{PREFIX}{name.upper()} must be a whole number from {low} to {high}, not {value!r}.")
    return int(value)


def _choice(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise SettingsError(f"{PREFIX}{name.upper()} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


def _url(name: str, value: str, *, empty: bool = False) -> str:
    parts = urlsplit(value)
    if (empty and not value) or (parts.scheme in {"http", "https"} and parts.hostname):
        return value
    raise SettingsError(f"{PREFIX}{name.upper()} must be an address that begins with http:// or https://.")


def _database_url(value: str) -> str:
    if value.startswith("sqlite:///"):
        return value
    # SQLAlchemy reads a bare postgresql:// as another driver from one release to the next, so the driver is named.
    if value.startswith(("postgresql://", "postgresql+psycopg://")):
        _demand_installed("psycopg", "database_url")
        return "postgresql+psycopg://" + value.partition("://")[2]
    raise SettingsError(f"{PREFIX}DATABASE_URL must begin with sqlite:/// or postgresql://.")


def _redis_url(value: str) -> str:
    if value and not value.startswith(("redis://", "rediss://", "unix://")):
        raise SettingsError(f"{PREFIX}REDIS_URL must begin with redis://, rediss:// or unix://.")
    if value:
        _demand_installed("redis", "redis_url")
    return value


def _demand_installed(package: str, name: str) -> None:
    if importlib.util.find_spec(package) is None:
        raise SettingsError(f"{PREFIX}{name.upper()} needs the packages of requirements-scale.lock: make .venv/.scale")
