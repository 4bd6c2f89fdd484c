-- Accounts without a password (OAuth, passkeys), and what proves their owners beside it.
ALTER TABLE users ALTER COLUMN hashed_password DROP NOT NULL;
--> statement-breakpoint
-- The password is long enough to stand alone, without a second factor.
ALTER TABLE users ADD COLUMN has_long_password boolean NOT NULL DEFAULT true;
--> statement-breakpoint
CREATE INDEX users_created_at ON users (created_at DESC, id DESC);
--> statement-breakpoint
-- When the person behind the session last proved who they are; opens ten minutes for sensitive calls.
ALTER TABLE sessions ADD COLUMN authenticated_at timestamptz NOT NULL DEFAULT 'epoch';
--> statement-breakpoint
-- The client's network, by which a new sign-in is known or unknown: an address, or the /64 of an IPv6 one.
ALTER TABLE sessions ADD COLUMN network text CHECK (length(network) <= 64);
--> statement-breakpoint
ALTER TABLE sessions DROP CONSTRAINT sessions_revoke_reason_check;
--> statement-breakpoint
ALTER TABLE sessions ADD CONSTRAINT sessions_revoke_reason_check CHECK (revoke_reason IN
  ('logout', 'refresh_reused', 'revoked', 'password_changed', 'password_reset', 'account_closed', 'account_deleted', 'too_many'));
--> statement-breakpoint
CREATE INDEX sessions_listed ON sessions (user_id, created_at DESC, id DESC) WHERE revoked_at IS NULL;
--> statement-breakpoint
-- Tokens sent by mail: single use, and only the newest of a kind.
CREATE TABLE mail_tokens (
  -- SHA-256 of the token. The token itself is kept nowhere but in the mail, sealed until it is sent.
  hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  purpose text NOT NULL CHECK (purpose IN ('verify_email', 'reset_password')),
  -- The address it proves: a token for an old address proves nothing about a new one.
  email text NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  UNIQUE (user_id, purpose)
);
--> statement-breakpoint
CREATE INDEX mail_tokens_expires_at ON mail_tokens (expires_at);
--> statement-breakpoint
-- Mail that is still to be sent. A row goes when its mail has gone.
CREATE TABLE mails (
  id uuid PRIMARY KEY,
  user_id uuid REFERENCES users (id) ON DELETE CASCADE,
  kind text NOT NULL CHECK (length(kind) BETWEEN 1 AND 60),
  -- Address and text, under the encryption key. Absent: a mail that nobody gets, so that an unknown address takes the same time.
  sealed bytea CHECK (octet_length(sealed) <= 16384),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL
);
--> statement-breakpoint
CREATE INDEX mails_next_attempt_at ON mails (next_attempt_at, id);
--> statement-breakpoint
-- Counts attempts at credentials, by what is attempted and from where. Keys are HMACs: no address of anybody stands here.
CREATE TABLE attempts (
  key bytea PRIMARY KEY CHECK (octet_length(key) = 32),
  failures integer NOT NULL CHECK (failures >= 0),
  next_allowed_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
--> statement-breakpoint
CREATE INDEX attempts_updated_at ON attempts (updated_at);
--> statement-breakpoint
CREATE TABLE totp_factors (
  user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  -- Under the encryption key, with the user as context.
  sealed_secret bytea NOT NULL CHECK (octet_length(sealed_secret) <= 512),
  created_at timestamptz NOT NULL,
  -- Absent: enrolled, and not yet on.
  confirmed_at timestamptz,
  -- The 30 s step of the newest code that was taken; it and those before it are refused.
  last_step bigint
);
--> statement-breakpoint
CREATE TABLE recovery_codes (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  -- SHA-256 of the code, which holds 118 random bits.
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  used_at timestamptz,
  PRIMARY KEY (user_id, hash)
);
--> statement-breakpoint
CREATE TABLE passkeys (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  credential_id bytea NOT NULL UNIQUE CHECK (octet_length(credential_id) BETWEEN 1 AND 1023),
  -- COSE.
  public_key bytea NOT NULL CHECK (octet_length(public_key) <= 2048),
  counter bigint NOT NULL CHECK (counter >= 0),
  transports text[] NOT NULL DEFAULT '{}',
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 240),
  backed_up boolean NOT NULL,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz
);
--> statement-breakpoint
CREATE INDEX passkeys_user_id ON passkeys (user_id, created_at DESC, id DESC);
--> statement-breakpoint
-- Challenges that browsers are asked to sign: single use.
CREATE TABLE webauthn_challenges (
  hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
  purpose text NOT NULL CHECK (purpose IN ('register', 'authenticate')),
  -- For whom; absent where nobody has said yet.
  user_id uuid REFERENCES users (id) ON DELETE CASCADE,
  expires_at timestamptz NOT NULL
);
--> statement-breakpoint
CREATE INDEX webauthn_challenges_expires_at ON webauthn_challenges (expires_at);
--> statement-breakpoint
-- Sign-ins that are on their way to a provider and back.
CREATE TABLE oauth_flows (
  -- SHA-256 of `state`.
  state_hash bytea PRIMARY KEY CHECK (octet_length(state_hash) = 32),
  provider text NOT NULL CHECK (length(provider) BETWEEN 1 AND 40),
  -- SHA-256 of the secret in the browser's cookie.
  binding_hash bytea NOT NULL CHECK (octet_length(binding_hash) = 32),
  -- Verifier and nonce, under the encryption key.
  sealed bytea NOT NULL CHECK (octet_length(sealed) <= 1024),
  expires_at timestamptz NOT NULL
);
--> statement-breakpoint
CREATE INDEX oauth_flows_expires_at ON oauth_flows (expires_at);
--> statement-breakpoint
-- One-time codes that a page exchanges for a session or a link.
CREATE TABLE oauth_codes (
  hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
  binding_hash bytea NOT NULL CHECK (octet_length(binding_hash) = 32),
  provider text NOT NULL CHECK (length(provider) BETWEEN 1 AND 40),
  -- Who the provider says it is, under the encryption key.
  sealed bytea NOT NULL CHECK (octet_length(sealed) <= 16384),
  -- Until when it opens a session, and until when it may be linked to an account that is proved otherwise.
  exchange_until timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
--> statement-breakpoint
CREATE INDEX oauth_codes_expires_at ON oauth_codes (expires_at);
--> statement-breakpoint
CREATE TABLE oauth_links (
  provider text NOT NULL CHECK (length(provider) BETWEEN 1 AND 40),
  -- The provider's own name for the person, which never changes.
  subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  email text CHECK (length(email) <= 254),
  -- The provider's tokens, under the encryption key; kept to be revoked with the link.
  sealed_tokens bytea CHECK (octet_length(sealed_tokens) <= 16384),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (provider, subject),
  UNIQUE (user_id, provider)
);
--> statement-breakpoint
CREATE TABLE api_keys (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 240),
  prefix text NOT NULL CHECK (length(prefix) BETWEEN 1 AND 40),
  -- SHA-256 of the secret.
  hash bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
  -- That of the secret before the last rotation, and until when it works.
  previous_hash bytea UNIQUE CHECK (octet_length(previous_hash) = 32),
  previous_until timestamptz,
  scopes text[] NOT NULL CHECK (cardinality(scopes) BETWEEN 1 AND 20),
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  -- To the minute.
  last_used_at timestamptz,
  CHECK ((previous_hash IS NULL) = (previous_until IS NULL))
);
--> statement-breakpoint
CREATE INDEX api_keys_user_id ON api_keys (user_id, created_at DESC, id DESC);
--> statement-breakpoint
CREATE TABLE preferences (
  user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  tone text CHECK (length(tone) BETWEEN 1 AND 240),
  language text CHECK (length(language) BETWEEN 1 AND 35),
  privacy text NOT NULL CHECK (privacy IN ('private', 'link')),
  theme text NOT NULL CHECK (theme IN ('system', 'light', 'dark')),
  updated_at timestamptz NOT NULL
);
--> statement-breakpoint
-- Deletions of accounts: the receipt outlives the account.
CREATE TABLE erasures (
  id uuid PRIMARY KEY,
  -- SHA-256 of the token that opens the receipt.
  token_hash bytea NOT NULL CHECK (octet_length(token_hash) = 32),
  -- Whom it concerns. No foreign key: the account goes before the receipt.
  user_id uuid NOT NULL,
  requested_at timestamptz NOT NULL,
  completed_at timestamptz
);
--> statement-breakpoint
CREATE UNIQUE INDEX erasures_user_id ON erasures (user_id) WHERE completed_at IS NULL;
--> statement-breakpoint
CREATE TABLE erasure_steps (
  erasure_id uuid NOT NULL REFERENCES erasures (id) ON DELETE CASCADE,
  service text NOT NULL CHECK (length(service) BETWEEN 1 AND 60),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL,
  completed_at timestamptz,
  -- Erased once more, for what was still being written when the account closed.
  swept_at timestamptz,
  PRIMARY KEY (erasure_id, service)
);
--> statement-breakpoint
CREATE INDEX erasure_steps_due ON erasure_steps (next_attempt_at) WHERE swept_at IS NULL;
--> statement-breakpoint
CREATE INDEX audit_log_occurred_at ON audit_log (occurred_at DESC, id DESC);
