"""Rows of `flows`: where long work is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from iindustry.flows.phases import WorkStatus
from iindustry.kernel.ids import new_id


class Work(models.Model):
    """One piece of long work, from the moment it is asked for until it ends. Pages and the command show it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40, help_text="a key of flows.phases.KINDS")
    subject = models.CharField(max_length=64, blank=True, help_text="opaque id of what the work is about; empty: all")
    asked_by = models.CharField(max_length=100, blank=True, help_text="opaque id of the person or system that asked")
    status = models.CharField(max_length=10, help_text="waiting, running, done or failed")
    phase = models.CharField(max_length=40, blank=True, help_text="a key of flows.phases.PHASES")
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0, help_text="0: not known")
    phases = models.JSONField(default=list, help_text="phases that ended: [{phase, seconds}]")
    result = models.JSONField(default=dict, help_text="ids, counts and seconds; no content")
    error_code = models.CharField(max_length=60, blank=True)
    error_facts = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    written_at = models.DateTimeField(help_text="the last sign of life")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-asked_at", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "-asked_at", "id"], name="work_kind"),
            models.Index(fields=["subject", "kind"], name="work_subject", condition=~models.Q(subject="")),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(status__in=[one.value for one in WorkStatus]), name="work_status"
            ),
            models.CheckConstraint(condition=models.Q(done__gte=0, total__gte=0), name="work_counts"),
        ]

    def __str__(self) -> str:
        """Kind and id."""
        return f"{self.kind} {self.id}"
