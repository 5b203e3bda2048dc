// The tables of the bus file.

/** Kept in the file; raised when the schema changes. */
export const format = 1

export const schema = `
  -- Every event ever taken, in the order of seq. It is never deleted from: the log is the archive.
  CREATE TABLE log (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    taken_at INTEGER NOT NULL,
    event TEXT NOT NULL
  ) STRICT;
  CREATE INDEX log_taken_at ON log (taken_at);

  -- Up to seq, each event that a subscription's pattern matches was handled or lies in failures.
  CREATE TABLE cursors (
    subscription TEXT PRIMARY KEY,
    seq INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- Deliveries that failed: tried again at due_at (retrying), or dead letters (dead, discarded).
  CREATE TABLE failures (
    number INTEGER PRIMARY KEY,
    subscription TEXT NOT NULL,
    seq INTEGER NOT NULL,
    replay TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('retrying', 'dead', 'discarded')),
    due_at INTEGER,
    redriving INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    retryable INTEGER NOT NULL,
    first_failed_at INTEGER NOT NULL,
    last_failed_at INTEGER NOT NULL,
    discarded TEXT,
    UNIQUE (subscription, seq, replay)
  ) STRICT;
  CREATE INDEX failures_due ON failures (subscription, due_at) WHERE due_at IS NOT NULL;

  -- A replay sends what the log took in [taken_from, taken_to) up to seq last; up to seq, it has.
  CREATE TABLE replays (
    number INTEGER PRIMARY KEY,
    taken_from INTEGER NOT NULL,
    taken_to INTEGER NOT NULL,
    pattern TEXT,
    subscriptions TEXT NOT NULL,
    rate REAL,
    state TEXT NOT NULL CHECK (state IN ('running', 'completed', 'cancelled', 'failed')),
    message TEXT,
    seq INTEGER NOT NULL,
    last INTEGER NOT NULL,
    total INTEGER NOT NULL
  ) STRICT
`
