"""What is on disk after a run."""
