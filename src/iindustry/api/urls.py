"""Addresses of the API and of the exchange, and the OpenAPI 3.1 document that describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, URLResolver, include, path
from ninja import NinjaAPI
from ninja.errors import ValidationError

from iindustry.api.exchange_routes import router as exchange_router
from iindustry.api.open_data import router as open_router
from iindustry.api.problem_words import problem_body
from iindustry.api.wire import PROBLEM
from iindustry.kernel.errors import DomainError, Rejected

if TYPE_CHECKING:
    from typing import Any


class Api(NinjaAPI):
    """Ninja's, with our root: its own page there would stand on our first page, so it is taken out below."""

    def get_root_path(self, path_params: dict[str, Any]) -> str:  # noqa: ARG002 - ninja's signature
        """Where the addresses begin."""
        return "/"


api = Api(
    title="i-Industry",
    version="1",
    description=(
        "Signed exchange with banks and agencies, and open data. Calls under /r1 need a DPoP-bound token, an RFC 9421 "
        "signature and an RFC 9530 digest; see /developers. ข้อมูลเปิดเรียกได้โดยไม่ต้องลงชื่อเข้าใช้"
    ),
    openapi_url="/api/openapi.json",
    docs_url=None,
    urls_namespace="api",
    openapi_extra={
        "components": {
            "securitySchemes": {
                "dpop": {"type": "http", "scheme": "DPoP", "description": "RFC 9449, from /oauth/token"},
                "messageSignature": {"type": "apiKey", "in": "header", "name": "Signature", "description": "RFC 9421"},
            }
        }
    },
)
api.add_router("", exchange_router)
api.add_router("", open_router)


@api.exception_handler(DomainError)
def refused(request: HttpRequest, error: DomainError) -> HttpResponse:  # noqa: ARG001
    """A refusal of an open route, as a problem (RFC 9457)."""
    body = problem_body(error)
    return JsonResponse(body, status=body["status"], content_type=PROBLEM)


@api.exception_handler(ValidationError)
def mistaken(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A query that does not fit its description: which member, as a problem."""
    member = ".".join(str(part) for part in (error.errors[0].get("loc") or ())[1:]) if error.errors else ""
    return refused(request, Rejected("query-invalid", member=member[:40]))


def _without_root(patterns: list[Any]) -> list[URLPattern | URLResolver]:
    """Ninja's own page at its root would stand on our first page."""
    return [one for one in patterns if getattr(one, "name", None) != "api-root"]


_patterns, _app, _namespace = api.urls
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((_without_root(_patterns), _app), namespace=_namespace))
]
