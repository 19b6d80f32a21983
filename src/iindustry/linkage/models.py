"""Rows of `linkage`: judgements, the review queue, acts, redirects, the journal, and what a look-up reads.

The queue and the look-up's rows are of the latest run and made anew by it; judgements and acts are the only copy.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from iindustry.kernel.ids import new_id
from iindustry.linkage.acts import ActKind, ActStatus


class ReviewPair(models.Model):
    """A pair of records that waits for a person, of the latest run. Judged pairs keep their answer in `Judgement`."""

    pair_id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    left_source = models.CharField(max_length=16)
    left_key = models.CharField(max_length=128)
    right_source = models.CharField(max_length=16)
    right_key = models.CharField(max_length=128)
    match_weight = models.FloatField()
    match_probability = models.FloatField()
    reason = models.CharField(max_length=32)
    comparison = models.JSONField()
    parts = models.JSONField(default=dict, help_text="bits that each comparison adds, and the prior")
    stakes = models.FloatField(default=0.0, help_text="what hangs on the answer, as handed in")
    left_province = models.CharField(max_length=2, blank=True)
    right_province = models.CharField(max_length=2, blank=True)
    value = models.FloatField(help_text="what an answer is worth: the order of the queue")
    version = models.CharField(max_length=32)

    class Meta:
        ordering: ClassVar[list[str]] = ["-value", "pair_id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-value", "pair_id"], name="linkage_queue_order"),
            models.Index(fields=["left_source", "right_source", "-value", "pair_id"], name="linkage_queue_by_sources"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["left_source", "left_key", "right_source", "right_key"], name="linkage_one_review_a_pair"
            ),
        ]

    def __str__(self) -> str:
        """The opaque id."""
        return str(self.pair_id)


class Judgement(models.Model):
    """What a steward said of a pair. Withdrawn, never deleted; the latest standing answer binds.

    `replaced_by` is the later answer for which this one was withdrawn: with that one taken back, this one stands again.
    """

    judgement_id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    left_source = models.CharField(max_length=16)
    left_key = models.CharField(max_length=128)
    right_source = models.CharField(max_length=16)
    right_key = models.CharField(max_length=128)
    verdict = models.CharField(max_length=16)
    reason = models.TextField(blank=True)
    judged_by = models.CharField(max_length=64)
    judged_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    replaced_by = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaces")

    class Meta:
        ordering: ClassVar[list[str]] = ["-judged_at", "judgement_id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["left_source", "left_key", "right_source", "right_key"],
                condition=models.Q(withdrawn_at=None),
                name="linkage_one_standing_judgement",
            ),
        ]

    def __str__(self) -> str:
        """The opaque id."""
        return str(self.judgement_id)


class Redirect(models.Model):
    """An id that was merged away, and the id that stands for it now: always one hop."""

    old_id = models.CharField(max_length=15, primary_key=True)
    new_id = models.CharField(max_length=15, db_index=True)
    version = models.CharField(max_length=32)

    class Meta:
        ordering: ClassVar[list[str]] = ["old_id"]

    def __str__(self) -> str:
        """Old and new."""
        return f"{self.old_id} -> {self.new_id}"


class Journal(models.Model):
    """One merge, split or move of a run: what happened to lasting ids, and on what ground."""

    version = models.CharField(max_length=32, db_index=True)
    what = models.CharField(max_length=16)
    subject_id = models.CharField(max_length=15)
    other_id = models.CharField(max_length=15, blank=True)
    record_count = models.IntegerField()
    ground = models.CharField(max_length=16)
    match_weight = models.FloatField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        """What and which."""
        return f"{self.what} {self.subject_id}"


class LinkAct(models.Model):
    """A merge, split or undo of a steward. Proposed, done or undone; never deleted."""

    act_id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=16)
    status = models.CharField(max_length=16)
    reason = models.TextField()
    asked_by = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(
        max_length=64, blank=True, help_text="who made it take effect: the second person, or the asker"
    )
    decided_at = models.DateTimeField(null=True)
    base_version = models.CharField(max_length=32, help_text="the register version it was planned on")
    version = models.CharField(max_length=32, blank=True, help_text="the register version it made")
    stakes = models.FloatField(default=0.0)
    redirects = models.JSONField(default=list, help_text="[old id, new id] that it adds")
    redirects_before = models.JSONField(default=list, help_text="[old id, new id or null] as they were")
    undoes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="undoings")
    undone_by = models.UUIDField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-asked_at", "act_id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["status", "-asked_at"], name="linkage_act_status")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(kind__in=[one.value for one in ActKind]), name="linkage_act_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=[one.value for one in ActStatus]), name="linkage_act_status_known"
            ),
        ]

    def __str__(self) -> str:
        """What and which."""
        return f"{self.kind} {self.act_id}"


class LinkActRecord(models.Model):
    """One record of an act: the membership it had and the one it got."""

    act = models.ForeignKey(LinkAct, on_delete=models.PROTECT, related_name="records")
    source = models.CharField(max_length=16)
    record_key = models.CharField(max_length=128)
    before_enterprise = models.CharField(max_length=15, db_index=True)
    before_establishment = models.CharField(max_length=15, null=True)
    before_ground = models.CharField(max_length=16)
    before_probability = models.FloatField(null=True)
    after_enterprise = models.CharField(max_length=15, db_index=True)
    after_establishment = models.CharField(max_length=15, null=True)
    after_ground = models.CharField(max_length=16)
    after_probability = models.FloatField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["act_id", "source", "record_key"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["act", "source", "record_key"], name="linkage_one_move_a_record"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["source", "record_key"], name="linkage_act_of_record"),
        ]

    def __str__(self) -> str:
        """Source and key."""
        return f"{self.source}/{self.record_key}"


class LinkKey(models.Model):
    """One profile as a look-up reads it: its blocking keys, what is compared, and whose it is. Made by publication."""

    enterprise_id = models.CharField(max_length=15, db_index=True)
    source = models.CharField(max_length=16)
    record_key = models.CharField(max_length=128)
    keys = ArrayField(models.TextField())
    facets = models.JSONField(
        help_text="compared columns and the frequency of each name, by column; what is not said is absent"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [GinIndex(fields=["keys"], name="linkage_by_key", fastupdate=True)]

    def __str__(self) -> str:
        """Source and key."""
        return f"{self.source}/{self.record_key}"


class LinkModel(models.Model):
    """The model and the versions that the rows of `LinkKey` were made with: one row."""

    version = models.CharField(max_length=32, primary_key=True)
    model = models.JSONField()
    made_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["version"]

    def __str__(self) -> str:
        """The register version."""
        return self.version
