"""The interface held against its own description: what each folder's contract test does with its operations."""

from collections.abc import Mapping, Sequence
from typing import Any

import hypothesis
import schemathesis
from flask import Flask
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
BOTH = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
bounded = hypothesis.settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(hypothesis.HealthCheck), database=None
)


def describe(app: Flask) -> Any:
    """The description that the application itself gives; fails where it is no valid OpenAPI document."""
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
    schema.validate()
    return schema


def operations_below(description: Any, *paths: str) -> set[tuple[str, str]]:
    """(method, path) of all that is described below these paths."""
    return {
        (method.upper(), path)
        for path in description
        if path.startswith(paths)
        for method in description[path]
        if method != "parameters"
    }


def hold(
    operation: Any, known: Mapping[str, Any], headers: Mapping[str, str], modes: Sequence[GenerationMode] = BOTH
) -> None:
    """Whatever is sent, the answer is as described. `known` are parts of the address that name something there is."""
    for mode in modes:

        @bounded
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            for name in known.keys() & (case.path_parameters or {}).keys():
                case.path_parameters[name] = known[name]
            case.call_and_validate(headers=dict(headers), checks=CHECKS)

        ask()
