"""Changes of many listings at once: chosen and frozen, looked at, agreed to by a second person, applied, taken back."""
