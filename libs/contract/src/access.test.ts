import { describe, expect, it } from '@jest/globals';
import { access } from './access.ts';
import { AiService } from './ai.ts';
import { QuoteService } from './quote.ts';
import { AuthService } from './user.ts';

describe('access', () => {
  it('adds the gateway to the callers of an RPC with a route, and to no other', () => {
    expect(access(QuoteService.method.getQuote).callers).toEqual(['gateway']);
    expect(access(AiService.method.complete).callers).toEqual(['quote']);
  });

  it('needs a principal for a route that is not public, and for nothing that services ask of each other', () => {
    expect(access(QuoteService.method.getQuote).needsPrincipal).toBe(true);
    expect(access(AuthService.method.logout).needsPrincipal).toBe(true);
    expect(access(AuthService.method.login).needsPrincipal).toBe(false);
    expect(access(AuthService.method.checkSession).needsPrincipal).toBe(false);
  });

  it('applies the defaults that the option states', () => {
    expect(access(QuoteService.method.listQuotes)).toMatchObject({
      rateClass: 'read',
      timeoutMs: 2_000,
      cost: 1,
      shedPriority: 50,
      maxBodyBytes: 65_536,
      successStatus: 200,
    });
    expect(access(QuoteService.method.deleteQuote)).toMatchObject({ rateClass: 'write', timeoutMs: 5_000, successStatus: 204 });
    expect(access(QuoteService.method.createQuote)).toMatchObject({
      successStatus: 201,
      location: '/v1/quotes/{quote.id}',
      idempotent: true,
    });
  });
});
