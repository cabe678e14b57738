"""Archives: many documents through the pipeline, with a ledger that survives whatever happens on the way."""
