"""A second grammar of answers, written without sight of the reader's rules, to measure it on."""
