"""The name of the lock that one agency's deliveries, and whatever must not happen beside one, wait for."""

from __future__ import annotations


def lock_of(agency: str) -> str:
    """What PostgreSQL is asked to lock, by hashtext."""
    return f"deliveries of {agency}"
