"""Rows of `funding`: applications, what happened to them, papers, decisions, disbursements, keys of acts done once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from iindustry.funding.moves import FINAL, Status
from iindustry.kernel.ids import new_id


def _choices(names: type[Status]) -> list[tuple[str, str]]:
    return [(one.value, one.value) for one in names]


class ApplicationRow(models.Model):
    """One application. `version` goes up by one with every change."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    version = models.PositiveIntegerField(default=1)
    enterprise_id = models.CharField(max_length=20)
    product_id = models.CharField(max_length=64)
    product_version = models.CharField(max_length=80)
    lender = models.CharField(max_length=32)
    policy_line = models.CharField(max_length=32)
    province_code = models.CharField(max_length=2, null=True)
    status = models.CharField(max_length=16, choices=_choices(Status))
    channel = models.CharField(max_length=16, default="portal")
    started_by = models.UUIDField()
    officer_id = models.UUIDField(null=True)
    answers = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    papers_asked_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    stopped_since = models.DateField(null=True)
    stopped_days = models.PositiveIntegerField(default=0)
    expected_on = models.DateField(null=True)
    requested_satang = models.BigIntegerField(null=True)
    approved_satang = models.BigIntegerField(null=True)
    disbursed_satang = models.BigIntegerField(default=0)
    consent_id = models.UUIDField(null=True)
    typed_count = models.PositiveSmallIntegerField(default=0)
    prefilled_count = models.PositiveSmallIntegerField(default=0)
    papers_spared_count = models.PositiveSmallIntegerField(default=0)
    dossier = models.BinaryField(null=True)
    dossier_sha256 = models.CharField(max_length=64, null=True)

    class Meta:
        indexes = [
            models.Index(fields=["lender", "sent_at", "id"], name="application_lender"),
            models.Index(fields=["enterprise_id", "-started_at", "id"], name="application_enterprise"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise_id", "product_id"],
                condition=~Q(status__in=sorted(FINAL)),
                name="application_one_open_per_product",
            ),
            models.CheckConstraint(
                condition=Q(approved_satang=None) | Q(disbursed_satang__lte=models.F("approved_satang")),
                name="application_pays_no_more_than_approved",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "withdrawn"])
                | Q(dossier_sha256__isnull=False, consent_id__isnull=False, sent_at__isnull=False),
                name="application_sent_is_frozen",
            ),
        ]

    def __str__(self) -> str:
        """The reference, which says nothing of the enterprise."""
        return self.reference


class EventRow(models.Model):
    """One thing that happened to an application, numbered from 1."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(ApplicationRow, on_delete=models.PROTECT, related_name="+")
    sequence = models.PositiveIntegerField()
    step = models.CharField(max_length=32)
    side = models.CharField(max_length=16)
    organisation = models.CharField(max_length=32, null=True)
    status = models.CharField(max_length=16)
    at = models.DateTimeField()
    person_id = models.UUIDField(null=True)
    by_system = models.BooleanField(default=False)
    words = models.TextField(default="", blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "sequence"], name="event_sequence")]

    def __str__(self) -> str:
        """The opaque id."""
        return str(self.id)


class PaperRow(models.Model):
    """One paper asked for, and the file that answered it. The owner's file name is thrown away."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(ApplicationRow, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=32)
    words = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField(null=True)
    due_on = models.DateField()
    supplied_at = models.DateTimeField(null=True)
    supplied_by = models.UUIDField(null=True)
    stored_name = models.CharField(max_length=64, null=True)
    media_type = models.CharField(max_length=40, null=True)
    size_bytes = models.PositiveIntegerField(null=True)
    sha256 = models.CharField(max_length=64, null=True)

    class Meta:
        indexes = [models.Index(fields=["application", "asked_at", "id"], name="paper_application")]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "code"], condition=Q(supplied_at=None), name="paper_asked_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        """The opaque id."""
        return str(self.id)


class DecisionRow(models.Model):
    """The lender's one answer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.OneToOneField(ApplicationRow, on_delete=models.PROTECT, related_name="decision")
    is_approved = models.BooleanField()
    decided_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    by_system = models.BooleanField(default=False)
    amount_satang = models.BigIntegerField(null=True)
    tenor_months = models.PositiveSmallIntegerField(null=True)
    rate_words = models.CharField(max_length=200, blank=True)
    conditions = models.TextField(blank=True)
    reason_codes = models.JSONField(default=list)
    words = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_approved=True, amount_satang__gt=0) | (Q(is_approved=False) & ~Q(reason_codes=[])),
                name="decision_has_amount_or_reason",
            )
        ]

    def __str__(self) -> str:
        """The opaque id."""
        return str(self.id)


class DisbursementRow(models.Model):
    """One payment of an approved loan, numbered from 1."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(ApplicationRow, on_delete=models.PROTECT, related_name="+")
    tranche = models.PositiveSmallIntegerField()
    amount_satang = models.BigIntegerField()
    paid_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    by_system = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "tranche"], name="disbursement_tranche"),
            models.CheckConstraint(condition=Q(amount_satang__gt=0), name="disbursement_is_positive"),
        ]

    def __str__(self) -> str:
        """The opaque id."""
        return str(self.id)


class DoneRow(models.Model):
    """An act done under a key that its form carried, with a digest of what it said: the same again does nothing more."""

    key = models.UUIDField(primary_key=True)
    act = models.CharField(max_length=32)
    application_id = models.UUIDField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        """The key."""
        return str(self.key)
