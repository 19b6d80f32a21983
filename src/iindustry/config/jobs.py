"""Long work, run by the worker: each job calls use cases of `flows` and `generate`, and shows its progress by a row."""

from __future__ import annotations
