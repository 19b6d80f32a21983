"""How much a request with files may carry, by who sends it: asked before the first byte is written to disk.

Django parses a form before any view or role is asked, so without this anybody could fill the disk. The real limits of papers
and deliveries stand with their packages; this one only keeps strangers from using those of others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from iindustry.kernel.actors import Role
from iindustry.web.access import actor_of_request

if TYPE_CHECKING:
    from collections.abc import Mapping

MEBIBYTE = 1 << 20
STRANGER = MEBIBYTE  # a receipt, to be checked at /verify
MEMBER = 32 * MEBIBYTE  # a paper that is too large still reads which size is taken
CLERK = 2064 * MEBIBYTE  # a delivery, and its form


class Room(FileUploadHandler):
    """Stands first among the upload handlers and takes no file itself."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Mapping[str, Any],  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        """Refuse by the length that the request states. RequestDataTooBig (400)."""
        del input_data, META, boundary, encoding
        if content_length > self._most():
            raise RequestDataTooBig("a form with files larger than its sender may send")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass the bytes on."""
        del start
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Nothing: the next handler has the file."""

    def _most(self) -> int:
        role = actor_of_request(self.request).role if self.request is not None else Role.ANONYMOUS
        return {Role.ANONYMOUS: STRANGER, Role.AGENCY_OFFICER: CLERK}.get(role, MEMBER)
