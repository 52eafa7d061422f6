"""Crossline: the platform a national county lines coordination centre runs on."""

__version__ = "0.1.0"
