-- The outbox. Copy into a service's first migration: migrate() sets search_path to the service's schema.
-- Written by appendOutbox(), read and pruned by createOutboxRelay() of @quotemaster/postgres.
CREATE TABLE outbox (
  -- UUIDv7: roughly in order of creation, which is not the order of commit. The relay claims by state, never by position.
  id uuid PRIMARY KEY,
  topic text NOT NULL CHECK (length(topic) BETWEEN 1 AND 200),
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
  payload jsonb NOT NULL,
  traceparent text CHECK (length(traceparent) <= 100),
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent')),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz
);
--> statement-breakpoint
CREATE INDEX outbox_pending ON outbox (next_attempt_at, id) WHERE state = 'pending';
--> statement-breakpoint
CREATE INDEX outbox_sent ON outbox (sent_at) WHERE state = 'sent';
