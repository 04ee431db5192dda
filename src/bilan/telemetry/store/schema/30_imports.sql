-- Files that were imported, by the sum of their content, and the rows of them that could not be taken.
CREATE TABLE IF NOT EXISTS import_file (
    digest TEXT PRIMARY KEY,
    file TEXT NOT NULL,
    person TEXT NOT NULL,
    imported BIGINT NOT NULL,
    counts TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS import_quarantine (
    id $identity,
    digest TEXT NOT NULL,
    row_number INTEGER NOT NULL,
    file TEXT NOT NULL,
    settings TEXT NOT NULL,
    cells TEXT NOT NULL,
    problems TEXT NOT NULL,
    state TEXT NOT NULL,
    person TEXT NOT NULL,
    changed BIGINT NOT NULL,
    UNIQUE (digest, row_number)
);

CREATE INDEX IF NOT EXISTS import_quarantine_state ON import_quarantine (state, id);
