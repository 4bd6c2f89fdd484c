import { describe, expect, it } from '@jest/globals';
import { readConfig } from '@quotemaster/config';
import { readServiceKeyFiles } from './service-key-files.ts';

const keys = { QM_SERVICE_KEY_FILE: '/keys/quote.pem', QM_SERVICE_JWKS_FILE: '/keys/jwks.json' };
const tls = { QM_PEER_TLS_CA_FILE: '/tls/ca.pem', QM_PEER_TLS_CERT_FILE: '/tls/cert.pem', QM_PEER_TLS_KEY_FILE: '/tls/key.pem' };
const read = (env: Record<string, string>) => readConfig(env, (reader) => readServiceKeyFiles(reader, { required: false }));

describe('readServiceKeyFiles', () => {
  it('takes the three files of mutual TLS beside the keys', () => {
    expect(read({ ...keys, ...tls })?.tls).toEqual({ caFile: '/tls/ca.pem', certFile: '/tls/cert.pem', keyFile: '/tls/key.pem' });
    expect(read(keys)?.tls).toBeUndefined();
  });

  it.each(Object.keys(tls))('names %s when it alone is missing', (variable) => {
    const others = Object.fromEntries(Object.entries(tls).filter(([name]) => name !== variable));
    expect(() => read({ ...keys, ...others })).toThrow(variable);
  });

  it('refuses certificates without a key of one’s own', () => {
    expect(() => read(tls)).toThrow('QM_PEER_TLS_CERT_FILE');
  });
});
