"""Demo content and the code that loads it."""
