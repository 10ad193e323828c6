"""What 'kurabe ...' does, one file a command."""
