"""Records in compartments: put in and taken out, and what follows by itself into one."""
