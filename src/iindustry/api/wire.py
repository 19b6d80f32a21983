"""Between Django's request and the exchange's message: bytes as received, addresses from the configured URL, signed answers.

Invariant: `Host` and forwarded headers never enter an address; an answer's body is signed as the very bytes sent.
"""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse

from iindustry.exchange import addresses
from iindustry.exchange import services as exchange
from iindustry.exchange.problems import refusal
from iindustry.exchange.signatures import Message, Reply, sign_reply
from iindustry.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from iindustry.kernel.clock import Clock

JSON = "application/json"
PROBLEM = "application/problem+json"
_LONGEST_BODY = 2_000_000


def message_of(request: HttpRequest, *, longest: int = _LONGEST_BODY) -> Message:
    """The request as the exchange sees it, its body of at most `longest` bytes.

    Raises `body-too-large` before it is read; `body-invalid` for a browser's upload.
    """
    length = request.headers.get("Content-Length") or "0"
    if not length.isdigit() or int(length) > longest:
        raise refusal("body-too-large", bytes=longest)
    if is_upload(request):
        raise refusal("body-invalid", line=0)
    # Django keeps a body for forms and limits it for them; a larger one is read from the stream, once.
    body = request.body if int(length) <= _LONGEST_BODY else request.read(int(length))
    return Message(request.method or "GET", address_of(request), dict(request.headers), body)


def is_upload(request: HttpRequest) -> bool:
    """Whether the body is a browser's upload: its bytes are gone once Django has looked for fields in it."""
    return request.content_type == "multipart/form-data"


def bare_message_of(request: HttpRequest) -> Message:
    """The same without the body: enough to sign a refusal that comes before the body is read."""
    return Message(request.method or "GET", address_of(request), dict(request.headers))


def address_of(request: HttpRequest) -> str:
    """The absolute address that was called, from our own public URL."""
    query = request.META.get("QUERY_STRING", "")
    return f"{settings.PUBLIC_URL}{request.path}" + (f"?{query}" if query else "")


def signed(
    message: Message,
    body: Mapping[str, Any],
    *,
    status: int,
    service: str,
    clock: Clock,
    entry: str | None = None,
    content_type: str = JSON,
) -> HttpResponse:
    """A signed JSON answer to a message. `entry`: the hash of the ledger leaf, promised by the signature."""
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Content-Type": content_type, **_x_road(message, service)}
    if entry is not None:
        headers["I-Industry-Entry"] = entry
    keys = exchange.server_keys(settings.HOME)
    reply = Reply(status, headers, content, message)
    sign_reply(reply, keys.message_key, keys.message.thumbprint(), now=clock.now())
    return plain(content, status=status, headers=headers)


def plain(content: bytes, *, status: int, headers: Mapping[str, str]) -> HttpResponse:
    """An answer of the exchange, never kept by anybody in between."""
    response = HttpResponse(content, status=status, headers=dict(headers))
    response.headers["Cache-Control"] = "no-store"
    return response


def _x_road(message: Message, service: str) -> dict[str, str]:
    """X-Road's own headers; what the caller wrote is repeated only where it is well formed."""
    headers = {"X-Road-Service": f"{exchange.hub_address()}/{service}/v1", "X-Road-Request-Id": str(new_id())}
    client, request_id = message.header("x-road-client") or "", message.header("x-road-id") or ""
    if addresses.parse(client) is not None:
        headers["X-Road-Client"] = client
    with contextlib.suppress(ValueError):
        headers["X-Road-Id"] = str(UUID(request_id))
    return headers
