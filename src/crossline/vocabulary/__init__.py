"""The trade's words as data: codes, agencies, places, selector normalisers and metric definitions. No Django."""
