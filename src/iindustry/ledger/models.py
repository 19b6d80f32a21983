"""Rows of `ledger`. Entries, leaves and checkpoints are insert-only: a trigger refuses UPDATE and DELETE."""

from __future__ import annotations

from django.db import models


class LedgerEntry(models.Model):
    """One act, written in the transaction of the act."""

    entry_id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=64)
    at = models.DateTimeField()
    subject_tag = models.CharField(max_length=64, null=True)
    actor_tag = models.CharField(max_length=64)
    leaf = models.TextField(help_text="canonical JSON, byte for byte what the leaf hash covers")
    mac = models.BinaryField(max_length=32, help_text="HMAC by the application: guards the second before sealing")

    class Meta:
        db_table = "ledger_entry"
        indexes = [
            models.Index(fields=["subject_tag", "-entry_id"], name="ledger_entry_subject"),
            models.Index(fields=["kind", "-entry_id"], name="ledger_entry_kind"),
        ]

    def __str__(self) -> str:
        """The id."""
        return str(self.entry_id)


class UnsealedEntry(models.Model):
    """The sealer's queue. A transaction that commits late is simply found by a later seal."""

    entry_id = models.UUIDField(primary_key=True)

    class Meta:
        db_table = "ledger_unsealed"

    def __str__(self) -> str:
        """The id."""
        return str(self.entry_id)


class SealedLeaf(models.Model):
    """An entry's place in the tree, given by the sealer alone."""

    index = models.BigIntegerField(primary_key=True)
    entry_id = models.UUIDField(unique=True)
    leaf_hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "ledger_leaf"

    def __str__(self) -> str:
        """The index."""
        return str(self.index)


class SignedCheckpoint(models.Model):
    """A signed head of the tree. `peaks` are the roots of its perfect subtrees, so that sealing never reads old leaves."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    peaks = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        db_table = "ledger_checkpoint"

    def __str__(self) -> str:
        """The size."""
        return str(self.size)


class Verification(models.Model):
    """One run of the whole check and what it found."""

    at = models.DateTimeField()
    size = models.BigIntegerField()
    fault_count = models.PositiveIntegerField()

    class Meta:
        db_table = "ledger_verification"

    def __str__(self) -> str:
        """When."""
        return self.at.isoformat()
