"""The review workspace without HTTP: upload, extraction, pages, decisions, exports, people. ``service`` is its door."""
