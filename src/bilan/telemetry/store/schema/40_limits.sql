-- Limits that points are held to, as permits and outlets in the registers state them; `since` and `until` in seconds of the wall clock.
CREATE TABLE IF NOT EXISTS point_limit (
    point TEXT NOT NULL,
    parameter TEXT NOT NULL,
    value DOUBLE PRECISION NOT NULL,
    source TEXT NOT NULL,
    reference TEXT NOT NULL,
    clause TEXT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (point, parameter, source, reference, clause, since, until, value)
);
