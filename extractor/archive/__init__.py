"""What an archive says: the same indicator over years and places, and two documents against each other."""
