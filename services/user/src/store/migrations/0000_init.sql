-- Accounts, sessions and what was done to them. migrate() sets search_path to user_service.
CREATE TABLE users (
  -- UUIDv7.
  id uuid PRIMARY KEY,
  -- Lower-cased and NFC, as normaliseEmail() gives it.
  email text NOT NULL CONSTRAINT users_email_key UNIQUE CHECK (length(email) BETWEEN 3 AND 254),
  username text CHECK (length(username) BETWEEN 3 AND 30),
  -- A PHC string, which bears its own parameters.
  hashed_password text NOT NULL CHECK (length(hashed_password) <= 512),
  -- 120 characters as the contract counts them; NFC can make a few of them longer.
  full_name text CHECK (length(full_name) BETWEEN 1 AND 480),
  role text NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'moderator', 'admin')),
  is_active boolean NOT NULL DEFAULT true,
  is_verified boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
--> statement-breakpoint
-- A name is unique in whatever case it is written.
CREATE UNIQUE INDEX users_username_key ON users (lower(username));
--> statement-breakpoint
-- One session is one family of refresh tokens; its row is the lock of the family.
CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  -- The last sign-in or refresh.
  last_seen_at timestamptz NOT NULL,
  -- When the newest refresh token dies; slides with each use.
  expires_at timestamptz NOT NULL,
  -- How far it may slide.
  expires_at_max timestamptz NOT NULL,
  revoked_at timestamptz,
  revoke_reason text CHECK (revoke_reason IN ('logout', 'refresh_reused')),
  user_agent text CHECK (length(user_agent) <= 512),
  address text CHECK (length(address) <= 64),
  CHECK (expires_at <= expires_at_max),
  CHECK ((revoked_at IS NULL) = (revoke_reason IS NULL))
);
--> statement-breakpoint
CREATE INDEX sessions_user_id ON sessions (user_id);
--> statement-breakpoint
CREATE INDEX sessions_expires_at ON sessions (expires_at);
--> statement-breakpoint
CREATE TABLE refresh_tokens (
  -- SHA-256 of the token. The token itself is kept nowhere.
  hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
  session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  issued_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  successor_hash bytea CHECK (octet_length(successor_hash) = 32),
  -- The answer of the first use, under a key derived from the token itself; gone once the successor is used.
  sealed_answer bytea CHECK (octet_length(sealed_answer) <= 4096),
  CHECK ((used_at IS NULL) = (successor_hash IS NULL))
);
--> statement-breakpoint
CREATE INDEX refresh_tokens_session_id ON refresh_tokens (session_id);
--> statement-breakpoint
CREATE TABLE audit_log (
  id uuid PRIMARY KEY,
  occurred_at timestamptz NOT NULL,
  action text NOT NULL CHECK (length(action) BETWEEN 1 AND 100),
  -- Who did it: a user's id, 'anonymous' or 'operator'.
  actor text NOT NULL CHECK (length(actor) BETWEEN 1 AND 100),
  -- Whom it concerns, where that is an account. No foreign key: the entry outlives the account.
  user_id uuid,
  session_id uuid,
  address text CHECK (length(address) <= 64),
  details jsonb NOT NULL DEFAULT '{}'
);
--> statement-breakpoint
CREATE INDEX audit_log_user_id ON audit_log (user_id, occurred_at);
--> statement-breakpoint
-- Append only, whatever rights a role is given on the schema's tables.
CREATE FUNCTION refuse_audit_log_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_log is append only' USING ERRCODE = 'insufficient_privilege';
END
$$;
--> statement-breakpoint
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_log_change();
--> statement-breakpoint
-- The outbox, as @quotemaster/postgres has it: written by appendOutbox(), read and pruned by createOutboxRelay().
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
