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
