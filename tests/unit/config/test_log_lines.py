"""Nothing of a person stands in a log line, whatever the fault says."""

from __future__ import annotations

import logging

from iindustry.config.log_lines import PlainLines, cleaned


def line(message, *args, error=None):
    info = (type(error), error, None) if error else None
    record = logging.LogRecord("django.request", logging.ERROR, "x.py", 1, message, args, info)
    return PlainLines("%(asctime)s %(levelname)s %(name)s %(message)s").format(record)


def test_an_address_that_someone_made_up_keeps_no_number_and_no_name():
    said = line("Not Found: %s", "/steward/enterprise/3101700987601/สมชาย ใจดี")
    assert "3101700987601" not in said
    assert "สมชาย" not in said
    assert "Not Found: /steward/enterprise/" in said


def test_a_row_that_the_database_refused_is_not_quoted():
    error = ValueError(
        'violates check constraint "x"\nDETAIL:  Failing row contains (1, Somchai Jaidee, 081-234-5678,\nMore).'
    )
    said = line("incident %s", "01a2043c-7045-7898-8cff-2881fd37c499", error=error)
    assert not {"Somchai", "081-234-5678", "More"} & set(said.replace(",", " ").replace(")", " ").split())
    assert "ValueError" in said
    assert "violates check constraint" in said
    assert "01a2043c-7045-7898-8cff-2881fd37c499" in said, "the number that the page told stays whole"


def test_what_is_no_personal_number_stays():
    kept = "2026-11-23 00:11:24,787 WARNING port 8410 of 127.0.0.1, line 1234, DIP-2570-980001"
    assert cleaned(kept) == kept
    assert line("plain").startswith("20"), "the time of a line stays"
