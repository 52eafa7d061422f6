"""The policy in plain lines, the pages that show it, and what keeps the site shut while a changed one waits."""
