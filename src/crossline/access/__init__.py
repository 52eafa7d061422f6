"""Who may see and do what: agencies, people, labels and audiences, the policy, row security and the audit."""
