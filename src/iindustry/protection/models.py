"""Rows of `protection`. Versions and disclosures are insert-only (trigger); small state rows beside them are what reads lock."""

from __future__ import annotations

from django.db import models

from iindustry.kernel.ids import new_id


class AgreementChange(models.Model):
    """An agreement after one change: the canonical document, what it follows, and its ledger entry."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agreement_id = models.CharField(max_length=80)
    change = models.PositiveIntegerField(help_text="1, 2, 3 … of this agreement")
    version = models.PositiveIntegerField(help_text="of its terms")
    status = models.CharField(max_length=16)
    document = models.TextField(help_text="canonical JSON")
    sha256 = models.CharField(max_length=64)
    prev_hash = models.CharField(max_length=64, null=True)
    jws = models.TextField()
    entry_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "protection_agreement_change"
        constraints = [models.UniqueConstraint(fields=["agreement_id", "change"], name="agreement_change_once")]

    def __str__(self) -> str:
        """Id and change."""
        return f"{self.agreement_id} {self.change}"


class AgreementState(models.Model):
    """Which change of an agreement is the present one."""

    agreement_id = models.CharField(primary_key=True, max_length=80)
    change = models.PositiveIntegerField()
    status = models.CharField(max_length=16)

    class Meta:
        db_table = "protection_agreement_state"

    def __str__(self) -> str:
        """The id."""
        return self.agreement_id


class ConsentVersion(models.Model):
    """A consent after one change of its status: the signed document, what it follows, and its ledger entry."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    consent_id = models.UUIDField()
    version = models.PositiveIntegerField()
    status = models.CharField(max_length=16)
    document = models.TextField(help_text="canonical JSON")
    sha256 = models.CharField(max_length=64)
    prev_hash = models.CharField(max_length=64, null=True)
    jws = models.TextField()
    entry_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "protection_consent_version"
        constraints = [models.UniqueConstraint(fields=["consent_id", "version"], name="consent_version_once")]

    def __str__(self) -> str:
        """Id and version."""
        return f"{self.consent_id} {self.version}"


class ConsentState(models.Model):
    """What reads lock: the present version of a consent, its status and its uses."""

    consent_id = models.UUIDField(primary_key=True)
    version = models.PositiveIntegerField()
    status = models.CharField(max_length=16)
    enterprise_id = models.CharField(max_length=32)
    recipient = models.CharField(max_length=120)
    purpose = models.CharField(max_length=40)
    application_id = models.UUIDField(null=True)
    signer_id = models.CharField(max_length=64)
    authority = models.CharField(max_length=16, null=True, help_text="the claim that the signature rested on")
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=40, null=True)
    uses = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True)
    bound_request_id = models.UUIDField(null=True)
    bound_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "protection_consent_state"
        indexes = [
            models.Index(fields=["enterprise_id", "-consent_id"], name="consent_of_enterprise"),
            models.Index(fields=["recipient", "status", "-consent_id"], name="consent_of_recipient"),
            models.Index(fields=["application_id"], name="consent_of_application"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["application_id", "recipient", "purpose"],
                condition=models.Q(status__in=["pending", "active", "paused"]),
                name="consent_of_case_once",
            )
        ]

    def __str__(self) -> str:
        """The id."""
        return str(self.consent_id)


class Disclosure(models.Model):
    """One look at an enterprise's data: who saw which fields, why, on what ground. No values."""

    disclosure_id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    enterprise_id = models.CharField(max_length=32)
    recipient = models.CharField(max_length=120)
    organisation = models.CharField(max_length=40)
    actor_role = models.CharField(max_length=24)
    purpose = models.CharField(max_length=40)
    service = models.CharField(max_length=40)
    fields = models.JSONField(help_text="names, in order")
    agreement = models.CharField(max_length=120, help_text="id#version/line")
    consent_id = models.UUIDField(null=True)
    consent_version = models.PositiveIntegerField(null=True)
    register_version = models.CharField(max_length=64)
    entry_id = models.UUIDField(unique=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "protection_disclosure"
        indexes = [
            models.Index(fields=["enterprise_id", "-disclosure_id"], name="disclosure_of_enterprise"),
            models.Index(fields=["consent_id", "-at"], name="disclosure_of_consent"),
        ]

    def __str__(self) -> str:
        """The id."""
        return str(self.disclosure_id)
