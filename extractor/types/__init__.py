"""Data types. Imports nothing of the package but ``errors``; functions on these types live elsewhere."""
