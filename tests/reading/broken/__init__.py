"""Answers that were written to break the reader, by an author who saw nothing but what it says."""
