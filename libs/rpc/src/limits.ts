/** No message is larger, in either direction. Larger things travel as streams of chunks. */
export const messageBytesMax = 4 * 1_024 * 1_024;
