import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import type { Response } from 'express';
import { beginEventStream } from './event-stream.ts';

describe('an event stream', () => {
  it('beats between events, with comments that are no events, and not after its end', async () => {
    const server = createServer((_, response) => {
      const stream = beginEventStream(
        Object.assign(response, { status: () => response }) as unknown as Response,
        new AbortController().signal,
        10,
      );
      let beats = 0;
      const write = response.write.bind(response);
      // The third beat brings an event and the end.
      response.write = ((chunk: string) => {
        const wroteAll = write(chunk);
        if (chunk.startsWith(':')) beats += 1;
        if (beats === 3) {
          beats += 1;
          void stream.send({ id: 1, name: 'done', data: '{}' }).then(() => stream.end());
        }
        return wroteAll;
      }) as typeof response.write;
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const answer = await fetch(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
      expect(await answer.text()).toBe(`${': heartbeat\n\n'.repeat(3)}id: 1\nevent: done\ndata: {}\n\n`);
    } finally {
      server.close();
    }
  });
});
