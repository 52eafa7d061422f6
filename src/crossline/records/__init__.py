"""Records, the mentions and assertions they make, and how deliveries are read, checked, held and accepted."""
