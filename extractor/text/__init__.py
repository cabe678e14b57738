"""Pure functions on str: no file, no document, no nlp."""
