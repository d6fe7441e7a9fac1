"""Errors in one form (RFC 9457, ``application/problem+json``)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from services.dashboard.answers import ProblemDetails

PROBLEM_TYPE: Final = "application/problem+json"

_NOT_MODIFIED: Final = {"description": "what If-None-Match names is still what there is"}


def problem(details: ProblemDetails, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The answer that tells of an error."""
    return JSONResponse(details.model_dump(), details.status, headers, media_type=PROBLEM_TYPE)


def answer_errors_as_problems(app: FastAPI) -> None:
    """Makes every error of the app a problem document, and says so in its OpenAPI document."""
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(Exception, _failed)


async def _refused(_: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = str(error.detail) if isinstance(error, HTTPException) else "internal error"
    headers = error.headers if isinstance(error, HTTPException) else None
    return problem(ProblemDetails(title=HTTPStatus(status).phrase, status=status, detail=detail), headers)


async def _failed(_: Request, __: Exception) -> JSONResponse:
    """Says nothing of what went wrong: that is in the log."""
    return problem(ProblemDetails(title="Internal Server Error", status=500, detail="internal error"))


async def _not_understood(_: Request, error: Exception) -> JSONResponse:
    found = error.errors() if isinstance(error, RequestValidationError) else ()
    errors = [f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}" for each in found]
    return problem(
        ProblemDetails(title="Unprocessable Content", status=422, detail="the request is not valid", errors=errors)
    )


def _described(app: FastAPI) -> dict[str, Any]:
    """The app's OpenAPI document, with problems under the media type that they are sent with."""
    document = FastAPI.openapi(app)
    operations = [(method, each) for path in document["paths"].values() for method, each in path.items()]
    document["components"]["securitySchemes"] = {name: {"type": "http", "scheme": name} for name in ("bearer", "basic")}
    document["security"] = [{}, {"bearer": []}, {"basic": []}]
    for method, operation in operations:
        if method == "get" and not operation["operationId"].startswith("stream"):
            operation["responses"]["304"] = _NOT_MODIFIED
        for answer in operation["responses"].values():
            content = answer.get("content", {})
            if content.get("application/json", {}).get("schema", {}).get("$ref", "").endswith("/ProblemDetails"):
                content[PROBLEM_TYPE] = content.pop("application/json")
    return document
