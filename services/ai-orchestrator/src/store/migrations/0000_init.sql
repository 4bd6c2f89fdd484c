-- migrate() of @quotemaster/postgres sets search_path to the schema `ai`.
-- Why each request was answered as it was. Kept for seven days, then swept by age of the id.
CREATE TABLE decisions (
  -- UUIDv7, made by the service: its order is that of time.
  id uuid PRIMARY KEY,
  -- An account of the user service; null for background work.
  user_id uuid,
  record jsonb NOT NULL
);
--> statement-breakpoint
CREATE INDEX decisions_user ON decisions (user_id, id DESC) WHERE user_id IS NOT NULL;
--> statement-breakpoint
-- What administrators have decided about providers, over what the config file says.
CREATE TABLE provider_overrides (
  provider_id text PRIMARY KEY CHECK (length(provider_id) BETWEEN 1 AND 64),
  enabled boolean NOT NULL DEFAULT true,
  draining boolean NOT NULL DEFAULT false,
  -- Null: the file's.
  weight double precision CHECK (weight BETWEEN 0.001 AND 1000),
  updated_at timestamptz(3) NOT NULL,
  -- The administrator's account.
  updated_by uuid NOT NULL
);
