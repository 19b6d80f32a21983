"""Rows of `exchange`: partners' systems and their keys, what was spent once, events in, messages out, calls counted."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Cast

from iindustry.kernel.ids import new_id

# The number of the transaction that writes a row. Ids are made before a commit and in no order within a millisecond, so a reader
# that goes on after the last id it saw would step over what is committed later; numbers of transactions tell which are over.
WRITTEN_IN = Cast(
    Cast(models.Func(function="pg_current_xact_id", output_field=models.TextField()), models.TextField()),
    models.BigIntegerField(),
)


class Client(models.Model):
    """A partner's system: address, organisation, what it may ask for, its budget, and the pause switch."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    address = models.CharField(max_length=80, unique=True)
    organisation = models.CharField(max_length=40, help_text="key in `accounts`")
    purposes = models.JSONField(default=list, help_text="purpose codes it may ask for, sorted")
    status = models.CharField(max_length=12, default="active")
    is_paused = models.BooleanField(default=False)
    calls_a_minute = models.PositiveIntegerField(default=600)
    registered_at = models.DateTimeField()

    class Meta:
        ordering = ("address",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["active", "suspended"]), name="exchange_client_status"
            )
        ]

    def __str__(self) -> str:
        """Its address."""
        return self.address


class ClientKey(models.Model):
    """A public key of a system. A revoked key stays, so that its use is told apart from a stranger's."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="keys")
    key_id = models.CharField(max_length=64, unique=True, help_text="RFC 7638 thumbprint")
    use = models.CharField(max_length=8, help_text="sig or dpop")
    jwk = models.JSONField()
    status = models.CharField(max_length=12, default="active")
    added_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("key_id",)

    def __str__(self) -> str:
        """Its thumbprint."""
        return self.key_id


class Spent(models.Model):
    """Something that may be used once: a jti or a nonce. In the database, so that a restart forgets nothing."""

    kind = models.CharField(max_length=12, help_text="assertion, dpop or nonce")
    owner = models.CharField(max_length=80, help_text="the address or thumbprint it belongs to")
    value = models.CharField(max_length=128)
    until = models.DateTimeField(help_text="after this it would be refused for its age")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "owner", "value"], name="exchange_spent_once")]
        indexes = [models.Index(fields=["until"], name="exchange_spent_until")]

    def __str__(self) -> str:
        """What kind of thing was spent."""
        return self.kind


class MinuteBudget(models.Model):
    """Proven calls of one system in one minute."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    minute = models.DateTimeField()
    calls = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "minute"], name="exchange_budget_minute")]

    def __str__(self) -> str:
        """The minute and its calls."""
        return f"{self.minute:%Y-%m-%dT%H:%M} {self.calls}"


class RefusedCount(models.Model):
    """Refusals of unproven callers (gates 1 to 3) are counted, not logged one by one: nobody may fill the ledger."""

    hour = models.DateTimeField()
    code = models.CharField(max_length=40)
    count = models.PositiveIntegerField(default=0)
    summarised = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hour", "code"], name="exchange_refused_hour")]

    def __str__(self) -> str:
        """The code and how often."""
        return f"{self.code} {self.count}"


class Call(models.Model):
    """A proven call: which service, how it ended, how long it took. No content; what /health is worked out from."""

    at = models.DateTimeField()
    client = models.CharField(max_length=80)
    service = models.CharField(max_length=32)
    code = models.CharField(max_length=40, help_text="`ok` or the code of the refusal")
    status = models.PositiveSmallIntegerField()
    milliseconds = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["service", "-at"], name="exchange_call_recent")]

    def __str__(self) -> str:
        """The service and how it ended."""
        return f"{self.service} {self.code}"


class Idempotency(models.Model):
    """One POST by its key: the digest of its body and, once it is done, the answer given."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    request_digest = models.CharField(max_length=64)
    begun_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, help_text="null while it runs")
    body = models.BinaryField(null=True)
    entry_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="exchange_idempotency_key")]

    def __str__(self) -> str:
        """The key."""
        return self.key


class Inbox(models.Model):
    """An event that was accepted, with the answer first given. A second one with its id gets that answer again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.CharField(max_length=80)
    event_id = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=60)
    application_id = models.UUIDField()
    sequence = models.PositiveIntegerField(null=True)
    received_at = models.DateTimeField()
    answer = models.JSONField(default=dict)

    class Meta:
        ordering = ("received_at", "id")
        constraints = [models.UniqueConstraint(fields=["source", "event_id"], name="exchange_inbox_once")]
        indexes = [models.Index(fields=["application_id", "received_at"], name="exchange_inbox_application")]

    def __str__(self) -> str:
        """The event's id."""
        return self.event_id


class Outbox(models.Model):
    """A message for members, written with the change that caused it. Facts are ids and codes, never content."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    recipient = models.CharField(max_length=40, null=True, help_text="organisation's key; null: not yet addressed")
    facts = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    status = models.CharField(max_length=8, default="waiting")
    written_in = models.BigIntegerField(db_default=WRITTEN_IN, help_text="PostgreSQL's number of the transaction")

    class Meta:
        ordering = ("written_in", "id")
        indexes = [models.Index(fields=["recipient", "written_in", "id"], name="exchange_outbox_read")]

    def __str__(self) -> str:
        """What it tells, of what."""
        return f"{self.kind} {self.subject}"
