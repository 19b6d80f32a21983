"""Rows of `linkage`: judgements, the review queue, redirects of ids that were merged away, and the journal."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from iindustry.kernel.ids import new_id


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
    value = models.FloatField(help_text="what an answer is worth: the order of the queue")
    version = models.CharField(max_length=32)

    class Meta:
        ordering: ClassVar[list[str]] = ["-value", "pair_id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["-value", "pair_id"], name="linkage_queue_order")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["left_source", "left_key", "right_source", "right_key"], name="linkage_one_review_a_pair"
            ),
        ]

    def __str__(self) -> str:
        """The opaque id."""
        return str(self.pair_id)


class Judgement(models.Model):
    """What a steward said of a pair. Withdrawn, never deleted; the latest standing answer binds."""

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
