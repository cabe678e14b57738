"""One module for each component: how it is trained."""
