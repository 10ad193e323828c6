"""What answers requests, one file or folder each."""
