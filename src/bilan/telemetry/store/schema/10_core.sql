-- What is measured where, and the readings themselves. Portable SQL: $identity, $rowkey and $clustered are filled in by the dialect.
CREATE TABLE IF NOT EXISTS counter (
    name TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS point (
    code TEXT PRIMARY KEY,
    network TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    district TEXT NOT NULL,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    attributes TEXT NOT NULL
);

CREATE INDEX IF NOT EXISTS point_network ON point (network, code);

CREATE TABLE IF NOT EXISTS device (
    mn TEXT PRIMARY KEY,
    point TEXT NOT NULL,
    state TEXT NOT NULL,
    dialect TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS series (
    id $identity,
    point TEXT NOT NULL,
    parameter TEXT NOT NULL,
    statistic TEXT NOT NULL,
    interval_name TEXT NOT NULL,
    occurrence INTEGER NOT NULL,
    unit TEXT NOT NULL,
    UNIQUE (point, parameter, statistic, interval_name, occurrence)
);

CREATE TABLE IF NOT EXISTS obs_instant (
    series BIGINT NOT NULL,
    start BIGINT NOT NULL,
    seconds INTEGER NOT NULL,
    value DOUBLE PRECISION,
    flag TEXT NOT NULL,
    quality INTEGER NOT NULL,
    arrived BIGINT NOT NULL,
    source BIGINT NOT NULL,
    PRIMARY KEY (series, start)
) $clustered;

CREATE TABLE IF NOT EXISTS obs_minute (
    series BIGINT NOT NULL,
    start BIGINT NOT NULL,
    seconds INTEGER NOT NULL,
    value DOUBLE PRECISION,
    flag TEXT NOT NULL,
    quality INTEGER NOT NULL,
    arrived BIGINT NOT NULL,
    source BIGINT NOT NULL,
    PRIMARY KEY (series, start)
) $clustered;

CREATE TABLE IF NOT EXISTS obs_hour (
    series BIGINT NOT NULL,
    start BIGINT NOT NULL,
    seconds INTEGER NOT NULL,
    value DOUBLE PRECISION,
    flag TEXT NOT NULL,
    quality INTEGER NOT NULL,
    arrived BIGINT NOT NULL,
    source BIGINT NOT NULL,
    PRIMARY KEY (series, start)
) $clustered;

CREATE TABLE IF NOT EXISTS obs_day (
    series BIGINT NOT NULL,
    start BIGINT NOT NULL,
    seconds INTEGER NOT NULL,
    value DOUBLE PRECISION,
    flag TEXT NOT NULL,
    quality INTEGER NOT NULL,
    arrived BIGINT NOT NULL,
    source BIGINT NOT NULL,
    PRIMARY KEY (series, start)
) $clustered;

CREATE TABLE IF NOT EXISTS obs_sample (
    series BIGINT NOT NULL,
    start BIGINT NOT NULL,
    seconds INTEGER NOT NULL,
    value DOUBLE PRECISION,
    flag TEXT NOT NULL,
    quality INTEGER NOT NULL,
    arrived BIGINT NOT NULL,
    source BIGINT NOT NULL,
    PRIMARY KEY (series, start)
) $clustered;

-- Every value that another one replaced, or that came too late to replace it.
CREATE TABLE IF NOT EXISTS superseded (
    series BIGINT NOT NULL,
    start BIGINT NOT NULL,
    seconds INTEGER NOT NULL,
    value DOUBLE PRECISION,
    flag TEXT NOT NULL,
    quality INTEGER NOT NULL,
    arrived BIGINT NOT NULL,
    source BIGINT NOT NULL,
    replaced BIGINT NOT NULL
);

CREATE INDEX IF NOT EXISTS superseded_series ON superseded (series, start);

-- One row a series: its newest value and the running sums of all its values, so that both cost one write.
-- stale: a value that may have been the minimum or maximum was replaced; counted again when somebody asks.
CREATE TABLE IF NOT EXISTS latest (
    series $rowkey,
    start BIGINT NOT NULL,
    seconds INTEGER NOT NULL,
    value DOUBLE PRECISION,
    flag TEXT NOT NULL,
    quality INTEGER NOT NULL,
    arrived BIGINT NOT NULL,
    first BIGINT NOT NULL,
    count BIGINT NOT NULL,
    total DOUBLE PRECISION NOT NULL,
    minimum DOUBLE PRECISION,
    maximum DOUBLE PRECISION,
    stale INTEGER NOT NULL
);

CREATE VIEW series_statistic AS
    SELECT series, count, first, start AS last, minimum, maximum, CASE WHEN count > 0 THEN total / count END AS mean FROM latest;

CREATE TABLE IF NOT EXISTS amendment (
    id $identity,
    series BIGINT NOT NULL,
    begin_start BIGINT NOT NULL,
    end_start BIGINT NOT NULL,
    kind TEXT NOT NULL,
    value DOUBLE PRECISION,
    flag TEXT NOT NULL,
    who TEXT NOT NULL,
    made BIGINT NOT NULL,
    why TEXT NOT NULL,
    rule TEXT NOT NULL
);

CREATE INDEX IF NOT EXISTS amendment_series ON amendment (series, begin_start);

-- Hours of a point whose values changed since they were last rolled up and judged.
CREATE TABLE IF NOT EXISTS dirty (
    point TEXT NOT NULL,
    interval_name TEXT NOT NULL,
    hour BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (point, interval_name, hour)
) $clustered;

CREATE INDEX IF NOT EXISTS dirty_hour ON dirty (hour);

CREATE TABLE IF NOT EXISTS verdict (
    method TEXT NOT NULL,
    point TEXT NOT NULL,
    start BIGINT NOT NULL,
    seconds INTEGER NOT NULL,
    value DOUBLE PRECISION,
    grade INTEGER,
    main TEXT NOT NULL,
    standard TEXT NOT NULL,
    version TEXT NOT NULL,
    detail TEXT NOT NULL,
    valid INTEGER NOT NULL,
    computed BIGINT NOT NULL,
    PRIMARY KEY (method, point, start)
) $clustered;

CREATE TABLE IF NOT EXISTS verdict_latest (
    method TEXT NOT NULL,
    point TEXT NOT NULL,
    start BIGINT NOT NULL,
    seconds INTEGER NOT NULL,
    value DOUBLE PRECISION,
    grade INTEGER,
    main TEXT NOT NULL,
    standard TEXT NOT NULL,
    version TEXT NOT NULL,
    detail TEXT NOT NULL,
    valid INTEGER NOT NULL,
    computed BIGINT NOT NULL,
    PRIMARY KEY (method, point)
) $clustered;

CREATE TABLE IF NOT EXISTS digest (
    name TEXT PRIMARY KEY,
    payload TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS stream_offset (
    stream TEXT PRIMARY KEY,
    position BIGINT NOT NULL
);
