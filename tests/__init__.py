"""Tests of the bench, in the order of its rooms."""
