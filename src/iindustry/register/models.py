"""Rows of `register`: the serving copy of the version in force, the versions, and correction requests.

The serving copy is made anew from Parquet by one merge; nothing in it is the only copy. Corrections are.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from iindustry.kernel.ids import new_id


class Enterprise(models.Model):
    """One enterprise of the version in force. `profile` holds values, competing statements, sites and records."""

    enterprise_id = models.CharField(max_length=15, primary_key=True)
    name_th = models.TextField()
    name_en = models.TextField(blank=True)
    juristic_id = models.CharField(max_length=13, null=True)
    province_code = models.CharField(max_length=2, null=True)
    is_person = models.BooleanField()
    establishment_count = models.IntegerField()
    search_text = models.TextField(help_text="names without legal forms, lower case, one after another")
    profile = models.JSONField()

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
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="register_search_text"),
            models.Index(fields=["province_code", "enterprise_id"], name="register_by_province"),
        ]

    def __str__(self) -> str:
        """The opaque id."""
        return self.enterprise_id


class Establishment(models.Model):
    """One establishment of the version in force; its values stand in the enterprise's profile."""

    establishment_id = models.CharField(max_length=15, primary_key=True)
    enterprise_id = models.CharField(max_length=15, db_index=True)
    factory_id = models.CharField(max_length=14, null=True, db_index=True)
    name = models.TextField()
    province_code = models.CharField(max_length=2, null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["establishment_id"]

    def __str__(self) -> str:
        """The opaque id."""
        return self.establishment_id


class Member(models.Model):
    """Which enterprise and establishment one source record belongs to, and why."""

    source = models.CharField(max_length=16)
    record_key = models.CharField(max_length=128)
    enterprise_id = models.CharField(max_length=15, db_index=True)
    establishment_id = models.CharField(max_length=15, null=True)
    link_ground = models.CharField(max_length=16)
    match_probability = models.FloatField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["source", "record_key"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "record_key"], name="register_one_member_a_record"),
        ]

    def __str__(self) -> str:
        """Source and key."""
        return f"{self.source}/{self.record_key}"


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
