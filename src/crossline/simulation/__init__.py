"""The synthetic nation: writes deliveries and the truth beside them; imports no other room but vocabulary."""
