"""The only reader of the environment. Everything else asks `get_settings()`.

The addresses of the engines come from the environment, or from `STATE_DIR/engines.json`, which the embedded
engines write when they start: so both programs find a running `make demo` by themselves.
"""

import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

Made = TypeVar("Made")

PROJECT_ROOT = Path(__file__).resolve().parent.parent
CODES_DIR = PROJECT_ROOT / "config" / "codes"
COLUMNS_FILE = PROJECT_ROOT / "config" / "columns.toml"
PLANS_FILE = PROJECT_ROOT / "config" / "plans.toml"


class EnginesNotFound(RuntimeError):
    """Neither the environment nor the state directory says where the engines are."""


class Settings(BaseSettings):
    """Each field is an environment variable of the same name in capitals; see settings.env.example."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore")

    database_url: str | None = None
    opensearch_url: str | None = None
    secret_key: str = Field(default_factory=lambda: secrets.token_urlsafe(32))
    host: str = "127.0.0.1"
    port: int = 8000
    web_workers: int = 2
    # What clients may take of the service; docs/operations.md tells of each. Connections: of the whole machine, and of
    # one address (of IPv6: of one /64), 0 for no limit; some addresses, such as a balancer's, have none.
    connections: int = Field(default=8000, ge=16)
    connections_per_address: int = Field(default=250, ge=0)
    unlimited_addresses: str = "127.0.0.1,::1"
    # Searches and other reads without a key, a minute; 0 for no limit.
    reads_per_address: int = Field(default=1200, ge=0)
    # Letters of long words (directory/search/budget.py) that the engine is asked for, a minute; 0 for no limit.
    long_words_per_address: int = Field(default=12_000, ge=0)
    # How many times longer than on a quick machine the engines are waited for, up to a request's whole time.
    patience: float = Field(default=1, ge=1, le=20)
    head_seconds: float = Field(default=10, gt=0)
    # Longer than balancers keep idle connections (60 s mostly): the side that closes first is theirs, so that no
    # request meets a connection that we are closing.
    idle_seconds: int = Field(default=75, ge=1)
    slowest_bytes_per_second: int = Field(default=4096, ge=1)
    largest_body_mb: int = Field(default=16, ge=1)
    slow_clients_mb: int = Field(default=512, ge=1)
    # The largest file of providers that is taken by the browser and the interface, and for how long it is kept.
    largest_import_mb: int = Field(default=64, ge=1)
    import_files_days: int = Field(default=30, ge=1)
    # How many proxies of our own stand before the service and add to X-Forwarded-For and X-Forwarded-Proto.
    trusted_proxies: int = 0
    # Where people reach the service, for the links in e-mails; without it: HOST and PORT.
    public_url: str | None = Field(default=None, pattern=r"^https?://[^/?#\s]+$")
    session_idle_minutes: int = 30
    session_hours: int = 12
    # smtp://user:password@host:port; smtps:// for TLS from the start, smtp+starttls:// for TLS from the greeting on.
    smtp_url: str | None = Field(default=None, pattern=r"^smtp(?:s|\+starttls)?://[^/?#\s]+$")
    mail_from: str = "Provider directory <directory@localhost>"
    # An OpenID Connect provider that people may sign in by; its discovery document is below the issuer's address.
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = None
    oidc_name: str = "OpenID Connect"
    state_dir: Path = PROJECT_ROOT / ".local"
    # Two directories on one search cluster keep apart by this prefix of index and alias names.
    index_prefix: str = Field(default="providers", pattern=r"^[a-z][a-z0-9-]{0,40}$")
    index_shards: int = 1
    index_replicas: int = 0
    # How many batches of imported rows one indexer has under way, beside the edits of people.
    index_bulk_lanes: int = Field(default=2, ge=1, le=16)
    # Files that people attach. Without it: a directory of the state directory. Never below what a web server serves.
    attachments_dir: Path | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    # Whom members may call where a search finds nothing: a number as it is dialled from anywhere, +254 20 366 2000.
    helpline: str | None = Field(default=None, pattern=r"^\+[0-9][0-9 ]{4,24}$")
    # The plans of the insurer's members. Without it: config/plans.toml, whose plans are invented, for a demonstration.
    plans_file: Path | None = None
    # Keys that seal what people say of themselves, `id:base64` of 32 bytes each; the first seals, all of them open.
    health_keys: str | None = None
    # Who is told of a wish to be called, and the secret that signs it (`whsec_…`, base64).
    call_webhook_url: str | None = Field(default=None, pattern=r"^https?://[^\s]+$")
    call_webhook_secret: str | None = None
    # Where the demonstration's invented agreements are used, every page and answer must say so.
    demonstration: bool = False

    @property
    def gazetteer_path(self) -> Path:
        """The read-only place file that `provider-directory places load` builds."""
        return self.state_dir / "gazetteer.sqlite"

    @property
    def attachments_path(self) -> Path:
        """Where files that people attach are kept."""
        return self.attachments_dir or self.state_dir / "attachments"

    @cached_property
    def public_address(self) -> str:
        """The service's address as e-mails name it, without a slash at its end; of a running `make demo`, its own."""
        if self.public_url:
            return self.public_url
        with suppress(OSError, KeyError, ValueError):
            return str(json.loads((self.state_dir / "engines.json").read_text())["public_url"])
        everywhere = ("0.0.0.0", "::", "")  # noqa: S104 (compared with, not listened on)
        return f"http://{'127.0.0.1' if self.host in everywhere else self.host}:{self.port}"

    def engine_url(self, kind: Literal["database_url", "opensearch_url"]) -> str:
        """Address of one engine, from the environment or from the running embedded engines.

        Raises EnginesNotFound with what to do when neither knows it.
        """
        if url := getattr(self, kind):
            return str(url)
        written = self.state_dir / "engines.json"
        try:
            return str(json.loads(written.read_text())[kind])
        except (OSError, KeyError, ValueError) as error:
            raise EnginesNotFound(
                f"No address for {kind.upper()}: set it, or start `make demo` (looked into {written})."
            ) from error


_forgetting: list[Callable[[], None]] = []


def made_of_settings(
    make: Callable[[], Made], close: Callable[[Made], object] | None = None
) -> "_lru_cache_wrapper[Made]":
    """`make` is called once for a process, and once more after other settings came into force; `close` ends the old."""
    cached = lru_cache(maxsize=1)(make)

    def forget() -> None:
        if close and cached.cache_info().currsize:
            close(cached())
        cached.cache_clear()

    _forgetting.append(forget)
    return cached


@made_of_settings
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()


@contextmanager
def settings_from(variables: Mapping[str, str | None]) -> Iterator[None]:
    """Inside, the environment has these variables (None: it lacks them); what is made of settings is made anew."""
    before = {name: os.environ.get(name) for name in variables}
    _put_into_environment(variables)
    try:
        yield
    finally:
        _put_into_environment(before)


def _put_into_environment(variables: Mapping[str, str | None]) -> None:
    for forget in _forgetting:
        forget()
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
