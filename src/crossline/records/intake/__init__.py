"""How deliveries come in: opened, read row by row, checked, and stored in one transaction each."""
