-- migrate() of @quotemaster/postgres sets search_path to the schema `quote`.
CREATE TABLE quotes (
  -- UUIDv7, made by the service.
  id uuid PRIMARY KEY,
  -- An account of the user service; between services there are ids, no foreign keys.
  user_id uuid NOT NULL,
  text text NOT NULL CHECK (length(text) BETWEEN 1 AND 2000),
  -- SHA-256 of the normalised text in hex: what counts as the same quote.
  text_hash text NOT NULL CHECK (length(text_hash) = 64),
  author text CHECK (length(author) BETWEEN 1 AND 200),
  source text NOT NULL DEFAULT 'ai_generated' CHECK (source IN ('ai_generated', 'user', 'curated', 'voice')),
  ai_model text,
  psychological_profile jsonb NOT NULL,
  emotional_tone text NOT NULL,
  emotions jsonb NOT NULL,
  sentiment_score double precision NOT NULL CHECK (sentiment_score BETWEEN -1 AND 1),
  quality_score double precision NOT NULL CHECK (quality_score BETWEEN 0 AND 1),
  quality jsonb NOT NULL,
  tags text[] NOT NULL DEFAULT '{}' CHECK (cardinality(tags) <= 20),
  favorite boolean NOT NULL DEFAULT false,
  provenance jsonb NOT NULL,
  -- The owner has changed the words.
  edited boolean NOT NULL DEFAULT false,
  -- Milliseconds, as JavaScript has them: a cursor built from a row must equal the row.
  created_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL
);
--> statement-breakpoint
CREATE INDEX quotes_user_newest ON quotes (user_id, created_at DESC, id DESC);
--> statement-breakpoint
CREATE INDEX quotes_user_tone ON quotes (user_id, emotional_tone, created_at DESC, id DESC);
--> statement-breakpoint
CREATE INDEX quotes_user_favorites ON quotes (user_id, created_at DESC, id DESC) WHERE favorite;
--> statement-breakpoint
CREATE INDEX quotes_tags ON quotes USING gin (tags);
--> statement-breakpoint
CREATE INDEX quotes_user_text ON quotes (user_id, text_hash);
--> statement-breakpoint
-- What a model wrote is stored once a user, however many calls race. People may keep the same words twice, and may edit
-- one quote into another.
CREATE UNIQUE INDEX quotes_generated_once ON quotes (user_id, text_hash) WHERE source IN ('ai_generated', 'voice') AND NOT edited;
--> statement-breakpoint
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
--> statement-breakpoint
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
