"""The words of the field: codes of types and specialties, the words people use for them, languages."""
