-- Idempotency records. Copy into a service's first migration: migrate() sets search_path to the service's schema.
-- Written by idempotent(), pruned by createIdempotencySweeper() of @quotemaster/postgres.
CREATE TABLE idempotency (
  scope text NOT NULL CHECK (length(scope) BETWEEN 1 AND 200),
  method text NOT NULL CHECK (length(method) BETWEEN 1 AND 200),
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  fingerprint text NOT NULL CHECK (length(fingerprint) BETWEEN 1 AND 128),
  -- The fencing token: a new one with each claim, so that a worker whose lease was taken over can't commit.
  claim uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'done')),
  lease_until timestamptz NOT NULL,
  answer bytea CHECK (octet_length(answer) <= 1048576),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (scope, method, key),
  CHECK ((state = 'done') = (answer IS NOT NULL))
);
--> statement-breakpoint
CREATE INDEX idempotency_expires_at ON idempotency (expires_at);
