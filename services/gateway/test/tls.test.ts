import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@quotemaster/testkit';
import { generate } from 'selfsigned';
import { startEdge } from './support/edge.ts';
import type { Edge } from './support/edge.ts';

describe('TLS at the edge', () => {
  let folder: string;
  let edge: Edge;
  const files = () => ({ QM_TLS_CERT_FILE: join(folder, 'cert.pem'), QM_TLS_KEY_FILE: join(folder, 'key.pem') });

  /** Puts a new certificate in the place of the old one; gives its text. */
  async function issue(): Promise<string> {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], { algorithm: 'sha256', keyType: 'ec' });
    await writeFile(files().QM_TLS_KEY_FILE, key);
    await writeFile(files().QM_TLS_CERT_FILE, cert);
    return cert;
  }
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'qm-tls-'));
    await issue();
    edge = await startEdge({ env: files() });
  });
  afterAll(async () => {
    await edge.stop();
    await rm(folder, { recursive: true });
  });

  async function handshake(options: ConnectionOptions = {}): Promise<TLSSocket> {
    const socket = connect({ port: edge.gateway.port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
    await once(socket, 'secureConnect');
    return socket;
  }
  async function ask(socket: TLSSocket): Promise<string> {
    socket.write('GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    return answer.toString();
  }

  it('is TLS 1.3, and answers as without', async () => {
    const socket = await handshake();
    expect(socket.getProtocol()).toBe('TLSv1.3');
    expect(await ask(socket)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('takes no older version, and no plain text', async () => {
    await expect(handshake({ maxVersion: 'TLSv1.2' })).rejects.toThrow();
    await expect(fetch(`http://127.0.0.1:${String(edge.gateway.port)}/livez`)).rejects.toThrow();
  });

  it('takes up a new certificate without a stop, and keeps the old one while the new is none', async () => {
    const fingerprint = async (): Promise<string> => {
      const socket = await handshake();
      const { fingerprint256 } = socket.getPeerCertificate();
      socket.destroy();
      return fingerprint256;
    };
    const before = await fingerprint();
    await writeFile(files().QM_TLS_CERT_FILE, 'no certificate');
    await waitUntil('the log', () => edge.log.text().includes('the one in use stays'), { timeoutMs: 10_000 });
    expect(await fingerprint()).toBe(before);
    await issue();
    await waitUntil('the new one', async () => (await fingerprint()) !== before, { timeoutMs: 10_000 });
  }, 30_000);

  it('needs both files, that belong together', async () => {
    await expect(startEdge({ env: { QM_TLS_CERT_FILE: files().QM_TLS_CERT_FILE } })).rejects.toThrow('QM_TLS_KEY_FILE');
    const wrong = join(folder, 'wrong.pem');
    const { private: key } = await generate([{ name: 'commonName', value: 'localhost' }], { algorithm: 'sha256', keyType: 'ec' });
    await writeFile(wrong, key);
    await expect(startEdge({ env: { ...files(), QM_TLS_KEY_FILE: wrong } })).rejects.toThrow('QM_TLS_CERT_FILE');
  });
});
