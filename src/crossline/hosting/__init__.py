"""What Crossline stands on: its home folder, settings, PostgreSQL and web server. No Django and no domain here."""
