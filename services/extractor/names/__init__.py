"""Who and where: the gazetteer, names in a sentence, and where an article is at home."""
