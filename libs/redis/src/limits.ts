/** Events a stream or a twin's queue holds; a stream drops the oldest beyond it. */
export const queueMax = 10_000;
/** Times a group's event is handed out before it is put aside. */
export const deliveriesMax = 5;
/** Pause after a handler failed, before its event is handed out again. */
export const retryDelayMs = 100;
