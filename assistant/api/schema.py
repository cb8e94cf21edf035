"""The OpenAPI document: FastAPI's, with its own error shapes replaced by ours.

Owns nothing but that correction.
"""

from typing import Any

from fastapi import FastAPI

from assistant.schemas import Problem


class Described(FastAPI):
    """A FastAPI application whose every error is documented as the problem it is."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document of the application."""
        document = super().openapi()
        schemas = document["components"]["schemas"]
        schemas["Problem"] = Problem.model_json_schema()
        return document
