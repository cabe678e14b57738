"""What lasts: documents, drafts, the log of corrections and people in a database; files by content beside it."""
