CREATE TABLE IF NOT EXISTS device_status (
    mn TEXT PRIMARY KEY,
    connected INTEGER NOT NULL DEFAULT 0,
    peer TEXT NOT NULL DEFAULT '',
    since BIGINT NOT NULL DEFAULT 0,
    seen BIGINT NOT NULL DEFAULT 0,
    data_time BIGINT NOT NULL DEFAULT 0,
    frames BIGINT NOT NULL DEFAULT 0,
    bytes BIGINT NOT NULL DEFAULT 0,
    readings BIGINT NOT NULL DEFAULT 0,
    errors BIGINT NOT NULL DEFAULT 0,
    lag BIGINT NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS claim (
    mn TEXT PRIMARY KEY,
    state TEXT NOT NULL DEFAULT 'open',
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    frames BIGINT NOT NULL,
    peer TEXT NOT NULL DEFAULT '',
    sample TEXT NOT NULL DEFAULT '',
    source BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS quarantine (
    id BIGINT PRIMARY KEY,
    mn TEXT NOT NULL DEFAULT '',
    peer TEXT NOT NULL DEFAULT '',
    arrived BIGINT NOT NULL,
    code TEXT NOT NULL,
    problems TEXT NOT NULL,
    text TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT 'open',
    corrected TEXT NOT NULL DEFAULT '',
    person TEXT NOT NULL DEFAULT '',
    changed BIGINT NOT NULL DEFAULT 0,
    note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS quarantine_state ON quarantine (state, id);
CREATE INDEX IF NOT EXISTS quarantine_mn ON quarantine (mn, state);
CREATE TABLE IF NOT EXISTS quarantine_count (
    code TEXT PRIMARY KEY,
    kept BIGINT NOT NULL DEFAULT 0,
    counted BIGINT NOT NULL DEFAULT 0,
    last BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS command (
    id BIGINT PRIMARY KEY,
    mn TEXT NOT NULL,
    cn TEXT NOT NULL,
    fields TEXT NOT NULL DEFAULT '{}',
    person TEXT NOT NULL DEFAULT '',
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued',
    qn TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 0,
    sent BIGINT NOT NULL DEFAULT 0,
    finished BIGINT NOT NULL DEFAULT 0,
    result TEXT NOT NULL DEFAULT '',
    answer TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS command_state ON command (state, id);
CREATE INDEX IF NOT EXISTS command_mn ON command (mn, id);
CREATE TABLE IF NOT EXISTS period (
    mn TEXT NOT NULL,
    kind TEXT NOT NULL,
    day BIGINT NOT NULL,
    step INTEGER NOT NULL,
    bits TEXT NOT NULL,
    PRIMARY KEY (mn, kind, day)
);
CREATE TABLE IF NOT EXISTS gap (
    mn TEXT NOT NULL,
    kind TEXT NOT NULL,
    start BIGINT NOT NULL,
    until BIGINT NOT NULL,
    missing INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'open',
    asked INTEGER NOT NULL DEFAULT 0,
    next_ask BIGINT NOT NULL DEFAULT 0,
    command BIGINT NOT NULL DEFAULT 0,
    found BIGINT NOT NULL,
    PRIMARY KEY (mn, kind, start)
);
CREATE INDEX IF NOT EXISTS gap_state ON gap (state, next_ask);
CREATE TABLE IF NOT EXISTS gateway_fault (
    begun BIGINT NOT NULL,
    what TEXT NOT NULL,
    problem TEXT NOT NULL DEFAULT '',
    ended BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (begun, what)
);
