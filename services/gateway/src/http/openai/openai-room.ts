import type { DescMethodUnary } from '@bufbuild/protobuf';
import { access } from '@quotemaster/contract';
import { InferenceService } from '@quotemaster/contract/ai';
import type { ResolvedAccess } from '@quotemaster/contract';
import { AppError, commonErrors } from '@quotemaster/errors';
import type { Logger } from '@quotemaster/observe';
import type { FirstCallOptions } from '@quotemaster/rpc';
import { Router } from 'express';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import type { Context } from '../../context.ts';
import { admitCall } from '../admit-call.ts';
import { exchangeOf } from '../exchange.ts';
import { logFailure } from '../handle-error.ts';
import { setErrorHeaders } from '../problem.ts';
import { checkBodyHeaders, readJson } from '../read-json.ts';
import { answerChat, streamChat } from './chat.ts';
import { toEmbeddingList } from './embeddings.ts';
import { setGenerationHeaders } from './generation-headers.ts';
import { toOpenAiError } from './openai-error.ts';
import { readChat, readEmbeddings } from './openai-request.ts';
import { readUpload, toTranscription } from './transcriptions.ts';

export type OpenAiNeeds = Pick<Context, 'admission' | 'authenticate' | 'rateLimit' | 'config' | 'inference' | 'clock'>;

/** How a handler of this room calls the orchestrator. */
export interface OpenAiCall {
  readonly options: FirstCallOptions;
  readonly inference: Context['inference'];
}

const { chat, embed, transcribe, listModels } = InferenceService.method;

/**
 * Another company's wire format: OpenAI's, with its own errors, at /openai/v1. The way in is the same as everywhere (room, credentials,
 * rights, limits), but an API key may come as bearer, as OpenAI's clients send it, and unknown fields are ignored.
 * @see https://platform.openai.com/docs/api-reference
 */
export function openAiRoom(needs: OpenAiNeeds, { logger }: { logger: Logger }): Router {
  const router = Router({ strict: true, caseSensitive: true });
  const { clock } = needs;

  router.post(
    '/chat/completions',
    handle(chat, needs, async (request, response, call, policy) => {
      checkBodyHeaders(request, policy.maxBodyBytes);
      const asked = readChat(await readJson(request, policy.maxBodyBytes));
      if (asked.stream === true) await streamChat(response, call, asked, clock);
      else await answerChat(response, call, asked, clock);
    }),
  );
  router.post(
    '/embeddings',
    handle(embed, needs, async (request, response, call, policy) => {
      checkBodyHeaders(request, policy.maxBodyBytes);
      const { model, input, encoding_format: format } = readEmbeddings(await readJson(request, policy.maxBodyBytes));
      const texts = typeof input === 'string' ? [input] : input;
      const answer = await call.inference.embed({ model, texts }, call.options);
      setGenerationHeaders(response, answer.generation);
      response.json(toEmbeddingList(answer, format ?? 'float'));
    }),
  );
  router.post(
    '/audio/transcriptions',
    handle(transcribe, needs, async (request, response, call, policy) => {
      const upload = await readUpload(request, policy.maxBodyBytes);
      const answer = await call.inference.transcribe(upload.request, call.options);
      setGenerationHeaders(response, answer.generation);
      if (upload.format === 'text') response.type('text/plain').send(`${answer.text}\n`);
      else response.json(toTranscription(answer, upload.format));
    }),
  );
  router.get(
    '/models',
    handle(listModels, needs, async (_request, response, call) => {
      const { items } = await call.inference.listModels({}, call.options);
      const created = Math.floor(clock.now() / 1_000);
      const own = items.map(({ provider, name }) => ({ id: `${provider}/${name}`, object: 'model', created, owned_by: provider }));
      response.json({ object: 'list', data: [{ id: 'auto', object: 'model', created, owned_by: 'quotemaster' }, ...own] });
    }),
  );
  router.use((request) => {
    const isKnown = ['/chat/completions', '/embeddings', '/audio/transcriptions', '/models'].includes(request.path);
    throw new AppError(isKnown ? commonErrors.methodNotAllowed : commonErrors.notFound);
  });
  router.use(handleOpenAiError(logger));
  return router;
}

/** The way in for every route of the room. */
function handle(
  method: DescMethodUnary,
  needs: OpenAiNeeds,
  answer: (request: Request, response: Response, call: OpenAiCall, policy: ResolvedAccess) => Promise<void>,
): RequestHandler {
  const policy = access(method);
  const byKey = { ...needs, authenticate: (request: Request) => needs.authenticate(request, { keyAsBearer: true }) };
  return async (request, response) => {
    exchangeOf(response).route = `/openai/v1${request.path}`;
    response.once('close', needs.admission.enter(policy.shedPriority));
    response.setHeader('Cache-Control', 'no-store');
    const options = await admitCall(request, response, policy, byKey);
    if (request.headers.expect?.toLowerCase() === '100-continue') response.writeContinue();
    await answer(request, response, { options, inference: needs.inference }, policy);
  };
}

function handleOpenAiError(logger: Logger): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  return (error: unknown, _request, response, _next) => {
    if (exchangeOf(response).signal.aborted) return;
    const known = logFailure(error, response, logger);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    setErrorHeaders(known, response);
    const decisionId = known.metadata['decision_id'];
    if (decisionId !== undefined) response.setHeader('x-qm-decision-id', decisionId);
    const { status, body } = toOpenAiError(known);
    response.status(status).json(body);
  };
}
