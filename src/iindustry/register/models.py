"""Rows of `register`: the serving copy of the version in force, what stood before, the versions, and correction requests.

The serving copy keeps what each record says (`Member.said`) once, and for an enterprise only what cannot be told from it:
`golden`. A row that changes or goes is kept in its `Past…` table with the publications between which it stood.
The serving copy is made anew from Parquet by one merge; the past and corrections are the only copy of what they hold.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from iindustry.kernel.ids import new_id


class _Entity(models.Model):
    """Columns of an enterprise, now or in the past."""

    name_th = models.TextField()
    name_en = models.TextField(blank=True)
    juristic_id = models.CharField(max_length=13, null=True)
    province_code = models.CharField(max_length=2, null=True)
    is_person = models.BooleanField()
    establishment_count = models.IntegerField(null=True, help_text="null: the register of factories was not delivered")
    search_text = models.TextField(help_text="names without legal forms, lower case, one after another")
    golden = models.TextField(
        default="{}", help_text="JSON: which record is believed where several speak; derived values"
    )
    since = models.IntegerField(default=0, help_text="the publication that made the row what it is")

    class Meta:
        abstract = True


class Enterprise(_Entity):
    """One enterprise of the version in force. Its names' indexes stand in `bulk`."""

    enterprise_id = models.CharField(max_length=15, primary_key=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["enterprise_id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["juristic_id"],
                deferrable=models.Deferrable.DEFERRED,  # a number may move between two enterprises in one merge
                name="register_one_enterprise_a_juristic_id",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["province_code", "enterprise_id"], name="register_by_province"),
        ]

    def __str__(self) -> str:
        """The opaque id."""
        return self.enterprise_id


class PastEnterprise(_Entity):
    """An enterprise as it stood from publication `since` until, and without, publication `until`."""

    enterprise_id = models.CharField(max_length=15)
    until = models.IntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["enterprise_id", "since"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["enterprise_id", "until"], name="register_past_enterprise_of"),
            models.Index(fields=["until", "enterprise_id"], name="register_past_enterprise_at"),
        ]

    def __str__(self) -> str:
        """The opaque id and the publications."""
        return f"{self.enterprise_id} {self.since}-{self.until}"


class _Site(models.Model):
    """Columns of an establishment, now or in the past."""

    factory_id = models.CharField(max_length=14, null=True)
    name = models.TextField()
    province_code = models.CharField(max_length=2, null=True)
    golden = models.TextField(default="{}", help_text="as of the enterprise, for the fields of an establishment")
    since = models.IntegerField(default=0)

    class Meta:
        abstract = True


class Establishment(_Site):
    """One establishment of the version in force."""

    establishment_id = models.CharField(max_length=15, primary_key=True)
    enterprise_id = models.CharField(max_length=15)

    class Meta:
        ordering: ClassVar[list[str]] = ["establishment_id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["enterprise_id"], name="register_site_of"),
            models.Index(fields=["factory_id"], name="register_site_factory"),
        ]

    def __str__(self) -> str:
        """The opaque id."""
        return self.establishment_id


class PastEstablishment(_Site):
    """An establishment as it stood from publication `since` until, and without, publication `until`."""

    establishment_id = models.CharField(max_length=15)
    enterprise_id = models.CharField(max_length=15)
    until = models.IntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["establishment_id", "since"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["enterprise_id", "until"], name="register_past_site_of"),
        ]

    def __str__(self) -> str:
        """The opaque id and the publications."""
        return f"{self.establishment_id} {self.since}-{self.until}"


class _Belonging(models.Model):
    """Columns of a member record, now or in the past: whose it is, why, and what it says."""

    source = models.CharField(max_length=16)
    record_key = models.CharField(max_length=256)
    establishment_id = models.CharField(max_length=15, null=True)
    link_ground = models.CharField(max_length=16)
    match_probability = models.FloatField(null=True)
    delivery_id = models.CharField(max_length=36, default="", help_text="the delivery that said so last")
    observed_on = models.DateField(null=True, help_text="the day of that delivery")
    is_person = models.BooleanField(default=False)
    said = models.TextField(default="{}", help_text="JSON: field to content")
    since = models.IntegerField(default=0)

    class Meta:
        abstract = True


class Member(_Belonging):
    """Which enterprise and establishment one source record belongs to, why, and what the record says."""

    enterprise_id = models.CharField(max_length=15)

    class Meta:
        ordering: ClassVar[list[str]] = ["source", "record_key"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "record_key"], name="register_one_member_a_record"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["enterprise_id"], name="register_member_of"),
        ]

    def __str__(self) -> str:
        """Source and key."""
        return f"{self.source}/{self.record_key}"


class PastMember(_Belonging):
    """A member record as it stood from publication `since` until, and without, publication `until`."""

    enterprise_id = models.CharField(max_length=15)
    until = models.IntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["source", "record_key", "since"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["enterprise_id", "until"], name="register_past_member_of"),
            models.Index(fields=["source", "record_key", "until"], name="register_past_member_key"),
        ]

    def __str__(self) -> str:
        """Source, key and the publications."""
        return f"{self.source}/{self.record_key} {self.since}-{self.until}"


class Publication(models.Model):
    """One coming into force of a version: the order in which versions ruled. `newest`: source to its newest day."""

    number = models.IntegerField(primary_key=True)
    version = models.CharField(max_length=32)
    published_at = models.DateTimeField()
    newest = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["published_at"], name="register_published_at"),
            models.Index(fields=["version", "-number"], name="register_publication_of"),
        ]

    def __str__(self) -> str:
        """Its number and version."""
        return f"{self.number} {self.version}"


class Version(models.Model):
    """One published version. Exactly one is current once there is any."""

    version = models.CharField(max_length=32, primary_key=True)
    published_at = models.DateTimeField()
    record_count = models.IntegerField()
    enterprise_count = models.IntegerField()
    establishment_count = models.IntegerField()
    is_current = models.BooleanField()
    quality = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar[list[str]] = ["-published_at", "version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["is_current"], condition=models.Q(is_current=True), name="register_one_current_version"
            ),
        ]

    def __str__(self) -> str:
        """The version's name."""
        return self.version


class Correction(models.Model):
    """A request to correct one value. While open, the value shows as disputed."""

    correction_id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    enterprise_id = models.CharField(max_length=15)
    establishment_id = models.CharField(max_length=15, blank=True, help_text="empty: the enterprise itself")
    field = models.CharField(max_length=64)
    source = models.CharField(max_length=16, help_text="whose value is disputed")
    current = models.TextField()
    proposed = models.TextField()
    reason = models.TextField()
    status = models.CharField(max_length=16, default="open")
    asked_by = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    answered_by = models.CharField(max_length=64, blank=True)
    answered_at = models.DateTimeField(null=True)
    ground = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-asked_at", "correction_id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["enterprise_id", "-asked_at"], name="register_correction_of"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["enterprise_id", "establishment_id", "field"],
                condition=models.Q(status="open"),
                name="register_one_open_correction",
            ),
        ]

    def __str__(self) -> str:
        """The opaque id."""
        return str(self.correction_id)
