"""Referrals to partner organisations: what may be told to whom, the sheet they are given, and what they answer."""
