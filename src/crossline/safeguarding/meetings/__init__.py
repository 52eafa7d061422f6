"""Strategy meetings about a person: called, invitations answered, minutes shared one by one, actions followed to their end."""
