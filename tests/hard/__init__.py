"""Programs that try to break the bench: each has a short form in the tests, and a long one by option."""
