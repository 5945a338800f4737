"""``config.toml`` as it is written: which keys there are, of which types, within which bounds."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Text = Annotated[str, Field(min_length=1)]


class WrittenMailbox(_Strict):
    """[mailbox], and each of [[mailboxes]]: by its url, or by its address alone."""

    url: Text | None = None
    address: Text | None = None
    folders: list[Text] = []
    timeout: float = Field(60.0, ge=1, le=3600)
    since: date | None = None
    authserv_ids: list[Text] = []


class WrittenOutgoing(_Strict):
    """[outgoing]; what is None is as the provider has it."""

    url: Text | None = None
    address: Text | None = None
    sender: Text | None = Field(None, alias="from")
    timeout: float = Field(60.0, ge=1, le=3600)
    seconds_between_mails: float | None = Field(None, ge=0, le=3600)
    mails_per_connection: int | None = Field(None, ge=1, le=1000)
    most_per_hour: int | None = Field(None, ge=1, le=10_000)
    keep_sent: bool = False
    sent_folder: Text | None = None


class _Schedule(_Strict):
    poll_minutes: int = Field(10, ge=1, le=1440)
    report_at: Text = "17:30"
    remind_at: Text = "09:00"
    alarm_minutes: int = Field(60, ge=5, le=10_080)
    watch: bool = True


class _Report(_Strict):
    to: list[Text] = []
    folder: Text = "reports"


class _Scan(_Strict):
    clamd: Text


class _Notices(_Strict):
    channels: list[Text] = []


class WrittenDatabase(BaseSettings):
    """Where the database is, whatever else the file has. An environment variable wins over it: BAOSONG_DATABASE."""

    model_config = SettingsConfigDict(
        extra="ignore",
        strict=True,
        frozen=True,
        env_prefix="BAOSONG_",
        env_nested_delimiter="__",
        env_ignore_empty=True,
    )

    database: Text = "sqlite:///baosong.db"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment first, then the file's content, which is handed in."""
        return env_settings, init_settings


class Written(WrittenDatabase):
    """The whole file; the environment wins here as well: BAOSONG_MAILBOX__URL."""

    model_config = SettingsConfigDict(extra="forbid")

    campaign: Text
    villages: Text
    office: str = ""
    engine: Text = "embedded"
    cache: Text = "inbox_cache"
    mailbox: WrittenMailbox
    mailboxes: list[WrittenMailbox] = []
    outgoing: WrittenOutgoing = WrittenOutgoing()
    schedule: _Schedule = _Schedule()
    report: _Report = _Report()
    scan: _Scan | None = None
    notices: _Notices = _Notices()
