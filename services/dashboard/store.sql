-- The read model of events and articles. `seq` orders rows by publication and is their place in every list:
-- seconds since 1970 in the upper bits, 30 bits of the id in the lower ones. `facets` are words for what rows are
-- filtered by (stream, type, ...): looked up like words of the text, any mixture of them is found without a scan.
CREATE TABLE articles (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    fetched INTEGER NOT NULL,
    read_at INTEGER NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    facets TEXT NOT NULL,
    body TEXT NOT NULL -- JSON of the article without its text
);
CREATE INDEX articles_by_age ON articles (read_at);
CREATE VIRTUAL TABLE articles_words USING fts5 (
    title, text, facets, content = articles, content_rowid = seq, tokenize = 'unicode61 remove_diacritics 2', prefix = '3'
);
CREATE TRIGGER articles_in AFTER INSERT ON articles BEGIN
    INSERT INTO articles_words (rowid, title, text, facets) VALUES (new.seq, new.title, new.text, new.facets);
END;
CREATE TRIGGER articles_out AFTER DELETE ON articles BEGIN
    INSERT INTO articles_words (articles_words, rowid, title, text, facets)
    VALUES ('delete', old.seq, old.title, old.text, old.facets);
END;

CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    article TEXT NOT NULL,
    stream TEXT NOT NULL,
    type TEXT NOT NULL,
    read_at INTEGER NOT NULL,
    lat REAL,
    lon REAL,
    sentence TEXT NOT NULL,
    names TEXT NOT NULL, -- places and parties, as found and as normalised
    facets TEXT NOT NULL,
    body TEXT NOT NULL -- JSON of the event
);
CREATE INDEX events_by_article ON events (article);
CREATE INDEX events_by_age ON events (read_at);
CREATE INDEX events_on_map ON events (seq, lat, lon) WHERE lat IS NOT NULL;
CREATE VIRTUAL TABLE events_words USING fts5 (
    sentence, names, facets, content = events, content_rowid = seq, tokenize = 'unicode61 remove_diacritics 2', prefix = '3'
);
CREATE TABLE days (
    stream TEXT NOT NULL,
    day INTEGER NOT NULL, -- days since 1970
    type TEXT NOT NULL,
    events INTEGER NOT NULL,
    PRIMARY KEY (stream, day, type)
) WITHOUT ROWID;
CREATE TRIGGER events_in AFTER INSERT ON events BEGIN
    INSERT INTO events_words (rowid, sentence, names, facets) VALUES (new.seq, new.sentence, new.names, new.facets);
    INSERT INTO days VALUES (new.stream, (new.seq >> 30) / 86400, new.type, 1)
    ON CONFLICT DO UPDATE SET events = events + 1;
END;
CREATE TRIGGER events_out AFTER DELETE ON events BEGIN
    INSERT INTO events_words (events_words, rowid, sentence, names, facets)
    VALUES ('delete', old.seq, old.sentence, old.names, old.facets);
    UPDATE days SET events = events - 1
    WHERE stream = old.stream AND day = (old.seq >> 30) / 86400 AND type = old.type;
END;

-- Every state that an alert came to, so that its life is known after a restart.
CREATE TABLE changes (
    alert TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    read_at INTEGER NOT NULL,
    body TEXT NOT NULL, -- JSON of the alert
    UNIQUE (alert, changed_at, state)
);
-- What became of an event that met a rule: what "why not" is answered from.
CREATE TABLE sightings (
    id TEXT PRIMARY KEY,
    judged TEXT NOT NULL, -- rule|stream|group
    at INTEGER NOT NULL,
    read_at INTEGER NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX sightings_by_group ON sightings (judged, at);
-- Which texts there are of an article that a group holds sightings of: an older one counts no more.
CREATE TABLE revisions (
    judged TEXT NOT NULL,
    id TEXT NOT NULL,
    read_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (judged, id)
) WITHOUT ROWID;
-- The newest record of each key, of topics where only that counts.
CREATE TABLE newest (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE TABLE streams (name TEXT PRIMARY KEY) WITHOUT ROWID;
-- The first offset of each partition that is not read yet. Written together with what was read before it.
CREATE TABLE offsets (
    topic TEXT NOT NULL,
    number INTEGER NOT NULL,
    next INTEGER NOT NULL,
    PRIMARY KEY (topic, number)
) WITHOUT ROWID;
CREATE TABLE origin (name TEXT NOT NULL); -- which topics of which cluster all this is from
