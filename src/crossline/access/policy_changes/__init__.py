"""Which statement of the policy is in force, which one waits, and who agreed to it."""
