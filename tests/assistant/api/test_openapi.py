"""The OpenAPI document: what programs rely on."""

import json
import os
from pathlib import Path

from openapi_spec_validator import OpenAPIV32SpecValidator, validate

GOLDEN = Path(__file__).with_name("openapi.json")


def test_document_is_golden(site):
    """No route, field or status changes unnoticed. REWRITE_GOLDEN=1 accepts a change."""
    document = site.client.get("/openapi.json").json()
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    if "REWRITE_GOLDEN" in os.environ:
        GOLDEN.write_text(text, "utf-8")
    assert text == GOLDEN.read_text("utf-8")


def test_the_document_is_one(site):
    """It is valid for the version of OpenAPI that it names."""
    document = site.client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.2")
    validate(document, cls=OpenAPIV32SpecValidator)


def test_every_error_is_documented_as_a_problem(site):
    """Each documented error is a problem document, and every reference leads somewhere."""
    text = site.client.get("/openapi.json").text
    document = json.loads(text)
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if status >= "400":
                    assert list(response["content"]) == ["application/problem+json"]
    references = {part.split('"')[0] for part in text.split('"$ref":"')[1:]}
    assert references
    for reference in references:
        name = reference.removeprefix("#/components/schemas/")
        assert name in document["components"]["schemas"]
    assert "HTTPValidationError" not in text
