"""Rows of `vault`: wrapped keys, one a person."""

from __future__ import annotations

from django.db import models


class PersonKey(models.Model):
    """A person's key, wrapped. Destroying the row makes everything sealed for that person unreadable for good."""

    person_tag = models.CharField(primary_key=True, max_length=64, help_text="keyed tag of the person's id")
    wrapped = models.BinaryField(max_length=128)

    class Meta:
        db_table = "vault_person_key"

    def __str__(self) -> str:
        """A tag is no name."""
        return self.person_tag
