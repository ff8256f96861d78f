"""From a source's own columns to the import file: one small converter for each set or family of sets."""
