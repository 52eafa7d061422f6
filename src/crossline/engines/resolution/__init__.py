"""Who is who: which mentions of people, in records of different agencies, speak of the same person."""
