/** Events a stream or a twin's queue holds. */
export const queueMax = 10_000;
/** Times a group's event is handed out before it is put aside. */
export const deliveriesMax = 5;
/** Pause after a handler's first failure; each further one is four times as long, 8.5 s in all: an outage of seconds buries nothing. */
export const retryDelayMs = 100;
/** How long a stop waits for the handler that is running. */
export const stopTimeoutMs = 3_000;
