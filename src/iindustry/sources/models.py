"""Rows of `sources`: deliveries, examples of what was found in them, and rows held in quarantine.

The bytes and the accepted rows lie in the landing folder; these rows say what is in force.
"""

from __future__ import annotations

from django.db import models

from iindustry.kernel.ids import new_id


class Delivery(models.Model):
    """One file of one source. `id` is made from the hash of its bytes, so that the same bytes are one delivery."""

    class Status(models.TextChoices):
        """Where a delivery stands: in force (until replaced), or held for a person after a large fall."""

        ACCEPTED = "accepted"
        HELD = "held"
        REFUSED = "refused"

    id = models.CharField(max_length=40, primary_key=True)
    source = models.CharField(max_length=20)
    layout = models.CharField(max_length=40)
    mode = models.CharField(max_length=10)
    scope = models.CharField(max_length=120)
    period = models.CharField(max_length=7, null=True)
    effective_on = models.DateField()
    contract_version = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    filename = models.CharField(max_length=200)
    encoding = models.CharField(max_length=20)
    row_count = models.PositiveIntegerField()
    accepted_count = models.PositiveIntegerField()
    quarantined_count = models.PositiveIntegerField()
    findings = models.JSONField(help_text="[{code, column, count}], ordered")
    mapping = models.JSONField(null=True, help_text="how its columns were read, where its headings were no layout's")
    status = models.CharField(max_length=10, choices=Status.choices)
    mends = models.CharField(max_length=40, null=True)
    organisation = models.CharField(max_length=40, null=True)
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=64)
    ledger_entry_id = models.UUIDField(null=True)

    class Meta:
        ordering = ["-received_at", "id"]
        indexes = [
            models.Index(fields=["source", "-received_at", "id"], name="delivery_of_source"),
            models.Index(fields=["mends"], name="delivery_mends"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(row_count=models.F("accepted_count") + models.F("quarantined_count")),
                name="rows_are_accepted_or_quarantined",
            ),
            models.UniqueConstraint(fields=["source", "sha256"], name="same_bytes_one_delivery"),
        ]

    def __str__(self) -> str:
        """Its id."""
        return self.id


class KnownMapping(models.Model):
    """How an organisation's files with these headings are read: confirmed once, used again next month."""

    id = models.UUIDField(primary_key=True, default=new_id)
    organisation = models.CharField(max_length=40)
    source = models.CharField(max_length=20)
    headings = models.CharField(max_length=64, help_text="hash of the heading row, ready to be compared")
    document = models.JSONField(help_text="as a mapping file")
    confirmed_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=64)

    class Meta:
        ordering = ["organisation", "source", "headings"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "source", "headings"], name="one_mapping_for_one_heading_row"
            )
        ]

    def __str__(self) -> str:
        """Whose and of which source."""
        return f"{self.organisation}:{self.source}"


class HeldRow(models.Model):
    """One row set aside (in quarantine): its cells as sent (citizen ids masked) and why. `mended_by` names the delivery it left in."""

    id = models.UUIDField(primary_key=True, default=new_id)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="+")
    row = models.PositiveIntegerField(help_text="number of the row in the file, as a spreadsheet counts")
    cells = models.JSONField(help_text="{column: text as sent}")
    reasons = models.JSONField(help_text="[{code, column, value}]")
    mended_by = models.CharField(max_length=40, null=True)

    class Meta:
        ordering = ["row", "id"]
        constraints = [models.UniqueConstraint(fields=["delivery", "row"], name="a_row_is_set_aside_once")]

    def __str__(self) -> str:
        """Delivery and row."""
        return f"{self.delivery_id}:{self.row}"


class FoundCell(models.Model):
    """An example of a finding: at most a hundred a code and column; the counts stand on the delivery."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=40)
    column = models.CharField(max_length=60)
    row = models.PositiveIntegerField()
    value = models.CharField(max_length=200, null=True)

    class Meta:
        ordering = ["code", "column", "row", "id"]
        indexes = [models.Index(fields=["delivery", "code", "column", "row"], name="found_of_delivery")]

    def __str__(self) -> str:
        """Code, column and row."""
        return f"{self.code}:{self.column}:{self.row}"
