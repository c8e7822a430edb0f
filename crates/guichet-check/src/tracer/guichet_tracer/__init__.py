"""Runs a class with threads under a schedule of our own. Standard library only, Python 3.9+."""
