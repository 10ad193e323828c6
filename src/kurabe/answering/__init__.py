"""Trials to requests to answers: windows, threads, pipeline and cache."""
