"""Reporting: what somebody of a partner organisation noticed goes to a police force, is kept as its record, and is answered."""
