"""Answering for people put forward: each has one owner until it ends, and those who must know are told at once."""
