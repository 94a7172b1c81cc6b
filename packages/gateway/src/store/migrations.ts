/** Applied in order, each once; the file's `user_version` counts them. Never edit one that was released: add another. */
export const migrations: readonly string[] = [
  `
  -- What a platform handed over. The row exists before the platform is acknowledged.
  CREATE TABLE inbox (
    id INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    account TEXT NOT NULL,
    key TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    message TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('new', 'turn', 'done')),
    reason TEXT,
    turn_id TEXT,
    UNIQUE (channel, account, key)
  ) STRICT;
  CREATE INDEX inbox_new ON inbox (id) WHERE state = 'new';

  -- One request to an agent, from any surface. The id is the run id, and for RPC callers their idempotency key.
  CREATE TABLE turns (
    id TEXT PRIMARY KEY,
    session_key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'ok', 'error', 'aborted')),
    request TEXT NOT NULL,
    starts INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER,
    outcome TEXT
  ) STRICT;
  CREATE INDEX turns_open ON turns (created_at) WHERE state IN ('queued', 'running');
  CREATE INDEX turns_ended ON turns (ended_at) WHERE ended_at IS NOT NULL;

  -- The send ledger: one row is one platform message.
  CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    turn_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    session_key TEXT,
    channel TEXT NOT NULL,
    account TEXT NOT NULL,
    target TEXT NOT NULL,
    payload TEXT NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('reply', 'notice')),
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'unknown')),
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER NOT NULL DEFAULT 0,
    message_id TEXT,
    error TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (turn_id, seq)
  ) STRICT;
  CREATE INDEX outbox_open ON outbox (created_at) WHERE state IN ('queued', 'sending');
  CREATE INDEX outbox_unknown ON outbox (target) WHERE state = 'unknown';

  -- Sessions as last changed; sessions.json is their export in the known format.
  CREATE TABLE sessions (store TEXT NOT NULL, key TEXT NOT NULL, entry TEXT NOT NULL, PRIMARY KEY (store, key)) STRICT;

  -- Small durable values: a channel's offsets, export stamps.
  CREATE TABLE kv (scope TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (scope, key)) STRICT;

  -- Lines for the next turn of a session ("System: ...").
  CREATE TABLE system_events (
    id INTEGER PRIMARY KEY,
    session_key TEXT NOT NULL,
    at INTEGER NOT NULL,
    text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX system_events_session ON system_events (session_key, id);
  `,
  `
  -- Turns that the end of another session's turn calls for (a sub-agent's result, the next step of a conversation
  -- between agents). A row goes when the turn that carries it has ended.
  CREATE TABLE session_mail (id TEXT PRIMARY KEY, request TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT;

  -- Sub-agents; subagents/runs.json is their export in the known format. The id is the run id of the child's turn.
  CREATE TABLE subagent_runs (
    id TEXT PRIMARY KEY,
    child_key TEXT NOT NULL,
    requester_key TEXT NOT NULL,
    run TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX subagent_runs_child ON subagent_runs (child_key);
  CREATE INDEX subagent_runs_requester ON subagent_runs (requester_key);
  `,
  `
  -- One row is one model call. Budgets are weighed against these sums before the next call is made.
  CREATE TABLE usage (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    agent_id TEXT NOT NULL,
    session_key TEXT NOT NULL,
    session_id TEXT NOT NULL,
    run_id TEXT,
    cause TEXT NOT NULL,
    purpose TEXT NOT NULL,
    channel TEXT,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    input INTEGER NOT NULL,
    output INTEGER NOT NULL,
    cache_read INTEGER NOT NULL,
    cache_write INTEGER NOT NULL,
    input_cost REAL NOT NULL,
    output_cost REAL NOT NULL,
    cache_read_cost REAL NOT NULL,
    cache_write_cost REAL NOT NULL,
    cost REAL NOT NULL,
    duration_ms INTEGER NOT NULL,
    tools TEXT NOT NULL,
    failed INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX usage_at ON usage (at);
  CREATE INDEX usage_session ON usage (session_id);
  `,
];
