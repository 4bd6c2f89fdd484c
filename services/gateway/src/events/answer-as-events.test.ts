import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { AppError, commonErrors } from '@quotemaster/errors';
import express from 'express';
import { answerAsEvents } from './answer-as-events.ts';
import { setExchange } from '../http/exchange.ts';

describe('answerAsEvents', () => {
  it('beats while the first step is long in coming, and tells of a failure as an event from then on', async () => {
    let heard: () => void = () => undefined;
    const beatHeard = new Promise<void>((resolve) => (heard = resolve));
    async function* steps() {
      await beatHeard;
      yield { id: 1, name: 'delta', data: '{}' };
      throw new AppError(commonErrors.unavailable);
    }
    const app = express();
    app.get('/', async (_, response) => {
      const unknown = { route: undefined, userId: undefined, apiKeyId: undefined, errorCode: undefined };
      const signal = new AbortController().signal;
      setExchange(response, { requestId: 'r', path: '/', clientAddress: '::1', userAgent: '', signal, ...unknown });
      await answerAsEvents(response, steps(), {
        openStreams: { add: () => () => undefined },
        publicUrl: 'https://quotes.example.org',
        silenceMs: 10,
      });
    });
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const answer = await fetch(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`);
      let text = '';
      for await (const chunk of answer.body ?? []) {
        text += Buffer.from(chunk as Uint8Array).toString();
        if (text.includes(': heartbeat\n\n')) heard();
      }
      expect(answer.status).toBe(200);
      expect(text.replaceAll(': heartbeat\n\n', '')).toMatch(
        /^id: 1\nevent: delta\n.*\n\nid: 2\nevent: error\ndata: .*"code":"common.unavailable"/,
      );
    } finally {
      server.close();
    }
  });
});
