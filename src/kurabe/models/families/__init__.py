"""Model families with loops of our own, one folder each."""
