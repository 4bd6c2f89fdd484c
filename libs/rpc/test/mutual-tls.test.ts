import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor, PeerTls } from '@quotemaster/auth';
import { createTestIdentity } from '@quotemaster/testkit/test-identity';
import type { TestIdentities } from '@quotemaster/testkit/test-identity';
import { startTestRpc } from '@quotemaster/testkit/test-rpc';
import type { TestRpc } from '@quotemaster/testkit/test-rpc';
import { generate } from 'selfsigned';
import { createRpcClient } from '../src/index.ts';
import { echoHandlers } from './echo-handlers.ts';
import { EchoService } from './echo-service.ts';

const call: { timeoutMs: number; actor: Actor } = { timeoutMs: 2_000, actor: { kind: 'none' } };
const dnsName = 2;

interface Authority {
  readonly cert: string;
  issue(name: string): Promise<PeerTls>;
}

async function createAuthority(): Promise<Authority> {
  const root = await generate([{ name: 'commonName', value: 'authority of a test' }], {
    algorithm: 'sha256',
    keyType: 'ec',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  });
  return {
    cert: root.cert,
    async issue(name) {
      const own = await generate([{ name: 'commonName', value: name }], {
        algorithm: 'sha256',
        keyType: 'ec',
        ca: { cert: root.cert, key: root.private },
        extensions: [
          { name: 'basicConstraints', cA: false },
          { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
          { name: 'subjectAltName', altNames: [{ type: dnsName, value: name }] },
        ],
      });
      return { ca: Buffer.from(root.cert), cert: Buffer.from(own.cert), key: Buffer.from(own.private) };
    },
  };
}

describe('with certificates between services', () => {
  let ours: Authority;
  let theirs: Authority;
  let identities: TestIdentities;
  let rpc: TestRpc | undefined;
  beforeAll(async () => {
    ours = await createAuthority();
    theirs = await createAuthority();
    identities = createTestIdentity(['gateway', 'user']);
  });
  afterEach(async () => {
    await rpc?.stop();
    rpc = undefined;
  });

  /** A server of `user` whose certificate bears the name given. */
  async function serve(tls: PeerTls): Promise<TestRpc> {
    rpc = await startTestRpc('user', echoHandlers(), {
      identities: { ...identities, verifierOf: (name) => ({ ...identities.verifierOf(name), tls }) },
    });
    return rpc;
  }
  async function say(tls: PeerTls | undefined): Promise<unknown> {
    const identity = { ...identities.identityOf('gateway'), ...(tls === undefined ? {} : { tls }) };
    const client = createRpcClient(EchoService, { address: rpc!.server.address, callee: 'user', identity });
    try {
      return await client.say({ value: 'hello' }, call);
    } finally {
      client.close();
    }
  }
  const unavailable = { code: 'common.unavailable' };

  it('a caller and a callee of one authority understand each other', async () => {
    await serve(await ours.issue('user'));
    expect(await say(await ours.issue('gateway'))).toMatchObject({ value: 'hello' });
  });

  it('a caller in clear is not heard, whatever its token', async () => {
    await serve(await ours.issue('user'));
    await expect(say(undefined)).rejects.toMatchObject(unavailable);
  });

  it('a caller with a certificate of another authority is not heard', async () => {
    await serve(await ours.issue('user'));
    const foreign = await theirs.issue('gateway');
    await expect(say({ ...foreign, ca: Buffer.from(ours.cert) })).rejects.toMatchObject(unavailable);
  });

  it('a callee with a certificate of another authority is not told anything', async () => {
    await serve(await theirs.issue('user'));
    await expect(say(await ours.issue('gateway'))).rejects.toMatchObject(unavailable);
  });

  it("a callee that shows another service's certificate is not told anything", async () => {
    await serve(await ours.issue('quote'));
    await expect(say(await ours.issue('gateway'))).rejects.toMatchObject(unavailable);
  });
});
