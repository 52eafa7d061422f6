"""Pure engines: tables in, tables out. No Django, no clock, no network, no hidden randomness."""
