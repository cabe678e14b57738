"""What a trained component needs to run: its files, checked, and the arithmetic. No training library is imported."""
