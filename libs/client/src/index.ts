export { createClient } from './create-client.ts';
export type { Call, Client, ClientOptions } from './create-client.ts';
export type { Credentials, GiveCredentials } from './credentials.ts';
export type { Events, EventsInit, StreamedEvent } from './events.ts';
export type { components, paths } from './gen/schema.ts';
export { ProblemError } from './problem-error.ts';
export type { FieldFault, Problem } from './problem-error.ts';
export type { Fetch } from './retrying-fetch.ts';
