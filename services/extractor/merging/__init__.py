"""Mentions that tell of one happening, brought together within a sentence and over an article."""
