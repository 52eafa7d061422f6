"""Concerns: people put forward for help, with the reasons."""
