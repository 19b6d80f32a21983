"""A member's feed gives every message once, also one whose transaction ended after a later one was read."""

from __future__ import annotations

from threading import Event, Thread

import pytest
from django.db import connection, transaction

from iindustry.exchange import services as exchange

_LONGEST = 30


@pytest.mark.django_db(transaction=True)
def test_a_message_that_is_committed_late_is_still_read():
    written, may_end = Event(), Event()

    def slow() -> None:
        with transaction.atomic():
            exchange.announce("application.submitted", "the-first", recipient="exim")
            written.set()
            may_end.wait(_LONGEST)
        connection.close()

    writer = Thread(target=slow)
    writer.start()
    assert written.wait(_LONGEST)
    exchange.announce("consent.revoked", "the-second", recipient="exim")
    before = exchange.list_for_member("exim", after=None)
    may_end.set()
    writer.join(_LONGEST)
    after = exchange.list_for_member("exim", after=before[-1].message_id if before else None)
    assert sorted(one.subject for one in (*before, *after)) == ["the-first", "the-second"]


@pytest.mark.django_db(transaction=True)
def test_pages_of_a_feed_follow_one_another_and_hold_each_message_once():
    told = [f"message-{number}" for number in range(7)]
    for subject in told:
        exchange.announce("consent.given", subject, recipient="smed")
        exchange.announce("consent.given", "of another", recipient="exim")
    read, after = [], None
    while page := exchange.list_for_member("smed", after=after, limit=3):
        assert len(page) <= 3
        read += [one.subject for one in page]
        after = page[-1].message_id
    assert read == told


@pytest.mark.django_db
def test_an_id_that_is_not_the_members_own_opens_no_place_in_the_feed(clock):
    exchange.announce("consent.given", "of exim", recipient="exim", clock=clock)
    other = exchange.list_for_member("exim", after=None)[0].message_id
    exchange.announce("consent.given", "of smed", recipient="smed", clock=clock)
    assert [one.subject for one in exchange.list_for_member("smed", after=other)] == ["of smed"]
