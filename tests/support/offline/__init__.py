"""Stands first on the path of the tests' processes, so that each of them is kept off the network."""
