"""Answers that nobody who wrote the reader has seen, but for those that were reversed or decided."""
