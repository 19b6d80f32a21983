"""Rows of `programmes`: documents by name, drafts and who signed them, editions on both time axes, suspensions, trials.

An edition is never edited: only the end of its known range is set, once (trigger). No two editions of one document hold
on one day of one state of knowledge (exclusion).
"""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField
from django.db import models

from iindustry.kernel.ids import new_id

MAX_NAME = 80


class DocumentRow(models.Model):
    """A document that was ever drafted or published here. From `since` on, its packaged text is one edition like others."""

    id = models.BigAutoField(primary_key=True)
    schema = models.CharField(max_length=40)
    name = models.CharField(max_length=MAX_NAME)
    since = models.DateTimeField(null=True, help_text="first publication here; null: only drafts so far")

    class Meta:
        db_table = "programmes_document"
        constraints = [models.UniqueConstraint(fields=["schema", "name"], name="document_once")]

    def __str__(self) -> str:
        """The name."""
        return self.name


class DraftRow(models.Model):
    """One draft of one document."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    schema = models.CharField(max_length=40)
    name = models.CharField(max_length=MAX_NAME)
    owner = models.CharField(max_length=32)
    subject = models.CharField(max_length=16, help_text="what it is about, as its text said when it could last be read")
    text = models.TextField()
    base_version = models.CharField(max_length=80, blank=True)
    text_version = models.CharField(max_length=80, blank=True)
    status = models.CharField(max_length=16)
    row_version = models.PositiveIntegerField(default=1)
    maker = models.CharField(max_length=64)
    makers = models.JSONField(default=list, help_text="everybody who wrote in it or submitted it")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    dry_run = models.JSONField(null=True)
    dry_run_register = models.CharField(max_length=80, blank=True)
    dry_run_on = models.DateField(null=True)
    reason = models.TextField(blank=True)
    edition_id = models.UUIDField(null=True)

    class Meta:
        db_table = "programmes_draft"
        indexes = [models.Index(fields=["status", "-changed_at", "id"], name="draft_by_status")]

    def __str__(self) -> str:
        """The id."""
        return str(self.id)


class SignatureRow(models.Model):
    """One person's yes to a submitted draft; gone when the draft is mended."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    draft = models.ForeignKey(DraftRow, on_delete=models.CASCADE, related_name="signatures")
    person_id = models.CharField(max_length=64)
    organisation = models.CharField(max_length=32)
    signer = models.CharField(max_length=16)
    at = models.DateTimeField()

    class Meta:
        db_table = "programmes_signature"
        constraints = [
            models.UniqueConstraint(fields=["draft", "person_id"], name="signature_once_a_person"),
            models.UniqueConstraint(fields=["draft", "signer"], name="signature_once_a_side"),
        ]

    def __str__(self) -> str:
        """The id."""
        return str(self.id)


class EditionRow(models.Model):
    """One text of one document, for a range of days, known in a range of moments."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    document = models.ForeignKey(DocumentRow, on_delete=models.PROTECT, related_name="editions")
    version = models.CharField(max_length=80)
    text = models.TextField()
    valid = DateRangeField()
    known = DateTimeRangeField()
    draft_id = models.UUIDField(null=True)
    number = models.PositiveIntegerField(help_text="of the library, when it came")

    class Meta:
        db_table = "programmes_edition"
        indexes = [models.Index(fields=["document", "number", "id"], name="edition_of_document")]

    def __str__(self) -> str:
        """The id."""
        return str(self.id)


class SuspensionRow(models.Model):
    """A programme that takes no applications for now. One person stops it, two let it go on, one of them of its side."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme_id = models.CharField(max_length=MAX_NAME)
    reason = models.TextField()
    by = models.CharField(max_length=64)
    organisation = models.CharField(max_length=32)
    since_at = models.DateTimeField()
    resume_by = models.CharField(max_length=64, blank=True)
    resume_organisation = models.CharField(max_length=32, blank=True, default="")
    resume_reason = models.TextField(blank=True)
    resume_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "programmes_suspension"
        constraints = [
            models.UniqueConstraint(
                fields=["programme_id"], condition=models.Q(ended_at=None), name="suspension_one_open"
            )
        ]

    def __str__(self) -> str:
        """The programme."""
        return self.programme_id


class LibraryState(models.Model):
    """One row: the number of the library, raised by every publication, end, suspension and resumption."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "programmes_library"

    def __str__(self) -> str:
        """The number."""
        return str(self.number)


class RuleDocument(models.Model):
    """The canonical JSON of a document that an answer rested on, kept for ever."""

    version = models.CharField(primary_key=True, max_length=80)
    schema = models.CharField(max_length=40)
    name = models.CharField(max_length=MAX_NAME)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "programmes_rule_document"

    def __str__(self) -> str:
        """The version."""
        return self.version


class TrialRow(models.Model):
    """One question that one person asked of one register version by a rule that does not hold yet, and what it gave."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.CharField(max_length=64)
    organisation = models.CharField(max_length=32)
    document = models.CharField(max_length=MAX_NAME)
    register = models.CharField(max_length=80)
    question = models.CharField(max_length=80, help_text="hash of what decides the answer, without titles and notes")
    set_hash = models.CharField(max_length=80, blank=True, help_text="of which enterprises answer yes")
    answer = models.JSONField(help_text="counts, before they are made coarse")
    at = models.DateTimeField()

    class Meta:
        db_table = "programmes_trial"
        constraints = [
            models.UniqueConstraint(fields=["person_id", "register", "question"], name="trial_once_a_question")
        ]

    def __str__(self) -> str:
        """The id."""
        return str(self.id)


class AnswerRecord(models.Model):
    """One answer that somebody acted upon, as canonical JSON."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    enterprise_id = models.CharField(max_length=20)
    programme_id = models.CharField(max_length=MAX_NAME)
    application_id = models.UUIDField(null=True)
    actor_tag = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    body = models.BinaryField()
    sha256 = models.CharField(max_length=64, unique=True)

    class Meta:
        db_table = "programmes_answer_record"
        indexes = [models.Index(fields=["enterprise_id", "-at", "id"], name="answer_of_enterprise")]

    def __str__(self) -> str:
        """The id."""
        return str(self.id)
