"""Statements of the policy that this store has been started with, and what people said to each: rows that are only added."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone


class PolicyStatement(models.Model):
    """The policy as the software stated it at a start, numbered from 1. The first stands by itself; each later one waits."""

    SENSITIVITY: ClassVar[str] = "staff"

    id = models.IntegerField(primary_key=True)
    digest = models.CharField(max_length=64)
    lines = models.JSONField()  # [part, line] pairs, in order: what the digest is of
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")  # what was in force
    at = models.DateTimeField(default=timezone.now)


class PolicyWord(models.Model):
    """That somebody agreed to a statement, or refused it."""

    SENSITIVITY: ClassVar[str] = "staff"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    statement = models.ForeignKey(PolicyStatement, on_delete=models.PROTECT)
    said = models.CharField(max_length=20)
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=80)
    by_id = models.UUIDField()
    by_agency = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "by_id", "said"], name="nobody_counts_twice_for_a_policy")
        ]
