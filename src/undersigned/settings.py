"""Every environment variable, read once."""

import ipaddress
import re
import secrets
from datetime import time
from functools import cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    AliasChoices,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]
SCHEMES = {
    "base_url": ("http", "https"),
    "database_url": ("postgresql", "postgres"),
    "redis_url": ("redis", "rediss", "unix"),
    "imap_url": ("imap", "imaps"),
    "mail_url": ("maildir", "smtp", "smtps"),
}
NEEDS_HOST = {"http", "https", "imap", "imaps", "smtp", "smtps"}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PLACEHOLDERS = {"", "change-me", "changeme", "secret", "please-change-me"}


class SettingMissing(Exception):
    """A setting that the program cannot start without; the message is one line that names it."""


class Settings(BaseSettings):
    """What the operator has decided. Names are those of the environment, in lower case."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    var: Annotated[Path, Field(validation_alias=AliasChoices("UNDERSIGNED_VAR", "var"))] = Path("var")
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65_535)] = 8000
    trusted_proxies: str = ""
    base_url: str = ""
    site_name: str = "Undersigned"

    database_url: str = ""
    redis_url: str = ""

    mail_url: str = ""
    mail_domain: str = ""
    mail_from: str = ""
    mail_tls: Literal["offered", "required"] = "offered"
    mail_per_domain: Annotated[int, Field(ge=1)] = 8
    dkim_key: str = ""
    dkim_selector: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,63}$")] = "undersigned"
    operator_email: str = ""
    mailroom_host: str = ""
    imap_url: str = ""
    mailroom_port: Annotated[int, Field(ge=1, le=65_535)] = 8025

    demo: bool = False
    secret_key: str = ""
    web_processes: Annotated[int, Field(ge=1)] = 1
    worker_threads: Annotated[int, Field(ge=1)] = 16
    members_url: str = ""
    letters_an_hour: Annotated[int, Field(ge=0, le=3_600)] = 30
    office_hours: str = "Mon-Fri 08:00-18:00"

    @field_validator("trusted_proxies")
    @classmethod
    def can_be_read(cls, value: str) -> str:
        """Raises ValueError for what is neither an address nor a network."""
        networks(value)
        return value

    @field_validator("office_hours")
    @classmethod
    def hours_of_a_week(cls, value: str) -> str:
        """Raises ValueError for what are not days and hours."""
        hours(value)
        return value

    @field_validator("base_url", "database_url", "redis_url", "mail_url", "imap_url")
    @classmethod
    def an_address_of_its_kind(cls, value: str, info: ValidationInfo) -> str:
        """Raises ValueError for an address that begins with none of the words it should."""
        schemes = SCHEMES[info.field_name or ""]
        parts = urlsplit(value)
        if value and (parts.scheme not in schemes or not (parts.netloc or parts.path)):
            raise ValueError(f"should be an address that begins with {' or '.join(f'{s}:' for s in schemes)}")
        if parts.scheme in NEEDS_HOST and not parts.hostname:
            raise ValueError("should name a host")
        return value

    @model_validator(mode="after")
    def fill_in(self) -> "Settings":
        """Everything that follows from something else is worked out here, and only here."""
        self.var = self.var.resolve()
        self.base_url = (self.base_url or self._from_host).rstrip("/")
        self.mail_url = self.mail_url or f"maildir:{self.var / 'mail'}"
        self.mail_domain = self.mail_domain or _mail_domain(self.base_url)
        self.mail_from = self.mail_from or f"{self.site_name} <hello@{self.mail_domain}>"
        self.mailroom_host = self.mailroom_host or self.host
        return self

    @property
    def says_where(self) -> bool:
        """Whether the operator has said where the site is to be found, or we only suppose it."""
        return self.base_url != self._from_host or not {"host", "port"}.isdisjoint(self.model_fields_set)

    @property
    def _from_host(self) -> str:
        return f"http://{_in_url(self.host)}:{self.port}"

    @property
    def secure(self) -> bool:
        """Whether visitors reach us over HTTPS, so that cookies may insist on it."""
        return self.base_url.startswith("https:")

    def key(self) -> bytes:
        """The secret every token is signed with; made and kept in ``var`` in a demo.

        Raises SettingMissing in production when it is absent, short or a placeholder.
        """
        if not self.secret_key and self.demo:
            self.secret_key = _kept_secret(self.var / "secret")
        if self.secret_key.lower() in PLACEHOLDERS or len(self.secret_key) < 16:
            raise SettingMissing(
                "SECRET_KEY is missing, too short or a placeholder: set it to at least 16 random characters "
                '(python3 -c "import secrets; print(secrets.token_urlsafe(32))").'
            )
        return self.secret_key.encode()


@cache
def networks(text: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """Addresses and networks with commas between them, such as ``127.0.0.1, 10.0.0.0/8``. Raises ValueError."""
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())


@cache
def hours(text: str) -> tuple[frozenset[int], time, time] | None:
    """``Mon-Fri 08:00-18:00`` as days (Monday is 0), opening and closing; None for ``always``.

    Raises ValueError.
    """
    if text.strip().lower() == "always":
        return None
    found = re.fullmatch(r"([a-z]{3})(?:-([a-z]{3}))? (\d\d:\d\d)-(\d\d:\d\d)", text.strip().lower())
    if found is None or not {found[1], found[2] or found[1]} <= set(DAYS):
        raise ValueError("should be days and hours such as Mon-Fri 08:00-18:00, or always")
    first, last = DAYS.index(found[1]), DAYS.index(found[2] or found[1])
    opens, closes = time.fromisoformat(found[3]), time.fromisoformat(found[4])
    if first > last or opens >= closes:
        raise ValueError("should name the earlier day and hour first")
    return frozenset(range(first, last + 1)), opens, closes


def _in_url(host: str) -> str:
    """The address to print for a listening address: nobody can visit 0.0.0.0."""
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - we compare, we do not bind.
        return "localhost"
    return f"[{host}]" if ":" in host else host


def _mail_domain(base_url: str) -> str:
    host = urlsplit(base_url).hostname or "localhost"
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host if "." in host else "undersigned.localhost"
    return "undersigned.localhost"


def _kept_secret(path: Path) -> str:
    """The demo's secret; the first of several processes to start writes it, the others read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{secrets.token_hex(4)}")
    fresh.write_text(secrets.token_urlsafe(32))
    fresh.chmod(0o600)
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_text().strip()


def _read() -> Settings:
    try:
        return Settings()
    except ValidationError as mistake:
        first = mistake.errors()[0]
        raise SystemExit(f"{str(first['loc'][0]).upper()}: {first['msg']}") from None


settings = _read()
