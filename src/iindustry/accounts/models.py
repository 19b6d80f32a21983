"""Rows of `accounts`: people who sign in, organisations, who is what where, and authority to act for an enterprise."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models

from iindustry.kernel.ids import new_id


class PersonRows(BaseUserManager["Person"]):
    """How allauth and Django look people up."""

    def get_by_natural_key(self, username: str | None) -> Person:
        """The person with this sign-in name."""
        return self.get(username=username)


class Person(AbstractBaseUser, PermissionsMixin):
    """Someone who signs in. Names are personal data: they show to the person and to those a case concerns."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=150, unique=True)
    name_th = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    citizen_tag = models.CharField(max_length=64, blank=True, help_text="keyed tag of the citizen id, from `vault`")
    joined_at = models.DateTimeField(null=True)

    objects = PersonRows()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name_th"]

    def __str__(self) -> str:
        """The opaque id: a name would end up in logs."""
        return str(self.id)


class Membership(models.Model):
    """Someone is something in an organisation, from a day to a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    organisation = models.CharField(max_length=32)
    role = models.CharField(max_length=32)
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person_id", "-from_on", "id"], name="membership_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["person_id"], condition=models.Q(to_on=None), name="membership_one_open_per_person"
            )
        ]

    def __str__(self) -> str:
        """The opaque id."""
        return str(self.id)


class Authority(models.Model):
    """Someone may act for an enterprise, or claims so: a director, a sole owner, or by power of attorney."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    enterprise_id = models.CharField(max_length=20)
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=16)
    evidence = models.CharField(max_length=500)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    claimed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "enterprise_id"], name="authority_person"),
            models.Index(fields=["enterprise_id", "person_id"], name="authority_enterprise"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "enterprise_id"],
                condition=models.Q(to_on=None) & ~models.Q(state="refused"),
                name="authority_one_open_claim",
            )
        ]

    def __str__(self) -> str:
        """The opaque id."""
        return str(self.id)
