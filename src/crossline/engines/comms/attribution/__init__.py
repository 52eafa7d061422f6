"""Whose hands a line's phone was in, from where and when phones were seen."""
