"""Call records kept as the analyses read them: by bucket and day, added to, put together, forgotten."""
