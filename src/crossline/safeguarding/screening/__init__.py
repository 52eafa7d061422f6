"""Screenings: one national form with versions, answers with evidence, a judgement beside them, and never a rank of children."""
