"""Decoy records: shown to whoever browses, counted nowhere, and known only to an agency's auditors and one second person."""
