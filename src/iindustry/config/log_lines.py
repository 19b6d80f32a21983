"""Log lines that tell what failed and not whose: ids of people, telephones and Thai words are taken out of every line.

A fault's own words may quote what someone typed, and PostgreSQL's DETAIL quotes the row that it refused.
"""

from __future__ import annotations

import logging
import re

_DETAIL = re.compile(r"^(DETAIL|HINT|CONTEXT|QUERY|LINE \d+):.*?(?=\n\n|\Z)", re.MULTILINE | re.DOTALL)
_NUMBER = re.compile(r"(?<![\w-])(?!\d{4}-\d\d-\d\d)\d(?:[ -]?\d){8,13}(?![\w-])")
_THAI = re.compile(r"[\u0e01-\u0e5b]+(?:[ \u200b]+[\u0e01-\u0e5b]+)*")
GONE = "[…]"


class PlainLines(logging.Formatter):
    """Django's line, then made safe to keep: see the module."""

    def format(self, record: logging.LogRecord) -> str:
        """The whole text of a record, traceback included."""
        stamp, text = self.formatTime(record, self.datefmt), super().format(record)
        return stamp + cleaned(text.removeprefix(stamp)) if text.startswith(stamp) else cleaned(text)


def cleaned(text: str) -> str:
    """A text without the details of a refused row, without long numbers and without Thai words."""
    return _THAI.sub(GONE, _NUMBER.sub(GONE, _DETAIL.sub(GONE, text)))
