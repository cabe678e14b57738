"""From documents with gold to trained components, and the figures that say whether they are worth having."""
