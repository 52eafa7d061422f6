"""Who looked at what, and why: for the person who looked, for the agency whose record it is, and for the auditor's desk."""
