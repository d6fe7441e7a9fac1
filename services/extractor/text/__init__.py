"""The language of an article: uniform text, sentences, words with tags and trees, numbers and dates."""
