"""Every setting of the platform: typed, read once from FORSAMLINGSHUS_* variables, refused when wrong."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "FORSAMLINGSHUS_"


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
        socket_cap=_number("socket_cap", given.get("socket_cap"), 320, 0, 1984),
        trusted_proxies=_number("trusted_proxies", given.get("trusted_proxies"), 0, 0, 5),
        port=port,
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
    if settings.socket_cap > settings.threads - 64:
        raise SettingsError(
            f"{PREFIX}SOCKET_CAP is {settings.socket_cap}, but {PREFIX}THREADS ({settings.threads}) leaves room for "
            f"{max(settings.threads - 64, 0)}: 64 threads are kept for pages."
        )
    if settings.demo_password and len(settings.demo_password) < 8:
        raise SettingsError(f"{PREFIX}DEMO_PASSWORD must have at least 8 characters.")


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
    raise SettingsError(f"{PREFIX}DATABASE_URL must begin with sqlite:///: this version runs on SQLite alone.")
