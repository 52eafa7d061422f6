"""National Referral Mechanism and duty to notify: drafts that rest on records, decisions followed, and the section 45 log."""
