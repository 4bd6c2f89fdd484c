import type { DescMethodServerStreaming, DescMethodUnary, JsonObject, JsonValue, Message } from '@bufbuild/protobuf';
import { create } from '@bufbuild/protobuf';
import { access } from '@quotemaster/contract';
import type { RoutedMethod } from '@quotemaster/contract';
import { AppError, commonErrors } from '@quotemaster/errors';
import { callMethod } from '@quotemaster/rpc';
import type { Request, RequestHandler, Response } from 'express';
import type { Context } from '../context.ts';
import { lastEventId } from '../events/last-event-id.ts';
import { admitCall } from './admit-call.ts';
import { setCarriedFields } from './carried-fields.ts';
import { exchangeOf } from './exchange.ts';
import { setLocation } from './location.ts';
import { toAnswer, toRequest } from './messages.ts';
import { acceptedForm } from './negotiate.ts';
import { readParameters } from './parameters.ts';
import { sendJson } from './send-json.ts';
import { sendPieces } from './send-pieces.ts';
import { checkBodyHeaders, readJson } from './read-json.ts';
import type { RouteValidator } from './validators.ts';

type Needs = Pick<Context, 'admission' | 'authenticate' | 'rateLimit' | 'browserSession' | 'backends' | 'config' | 'events'>;

/**
 * Creates the handler of one route of the contract: the one way in for every call.
 *
 * The order is: whether there is room, what headers alone can refuse, who calls, whether they may, how often, then the body, the schema, the message, the call.
 * Nothing costly is done for somebody who may not have it.
 */
export function contractRoute(entry: RoutedMethod, validator: RouteValidator, needs: Needs): RequestHandler {
  const { method, route } = entry;
  const policy = access(method);
  const stream = method.parent.methods.find((candidate) => candidate.name === policy.streamMethod);
  const pathNames = Object.fromEntries(
    route.pathFields.map((name) => [name, method.input.fields.find((field) => field.name === name)?.jsonName ?? name]),
  );

  return async (request, response) => {
    exchangeOf(response).route = route.path;
    response.once('close', needs.admission.enter(policy.shedPriority));
    const form = acceptedForm(request, stream !== undefined);
    const afterId = stream === undefined ? undefined : lastEventId(request);
    if (route.hasBody) checkBodyHeaders(request, policy.maxBodyBytes);
    const options = await admitCall(request, response, policy, needs);
    // Whoever asked whether to send the body hears so only now.
    if (route.hasBody && request.headers.expect?.toLowerCase() === '100-continue') response.writeContinue();
    const message = await readMessage(request);
    const client = needs.backends.clientOf(method);
    if (client === undefined) throw new AppError(commonErrors.unavailable, { reason: `no address for ${method.parent.typeName}` });

    if (form === 'events') {
      const steps = stream as DescMethodServerStreaming;
      await needs.events.answer(response, { client, method: steps, message: wrap(steps, message), options, afterId });
      return;
    }
    if (route.isRaw) {
      await sendPieces(response, callMethod(client, method as DescMethodServerStreaming, message, options), route);
      return;
    }
    const answer = await callMethod(client, method as DescMethodUnary, message, options);
    sendAnswer(request, response, answer);
  };

  async function readMessage(request: Request): Promise<Message> {
    const parameters = readParameters(request, pathNames, validator.parameterSchema);
    validator.parameters(parameters);
    const sent = route.hasBody ? await readJson(request, policy.maxBodyBytes) : undefined;
    const given = sent === undefined ? {} : sent;
    validator.body(given);
    const body = needs.browserSession.fill(entry, request, given as JsonObject);
    const message = toRequest(entry, parameters as JsonObject, body);
    setCarriedFields(message, entry, request, needs.config.publicUrl);
    return message;
  }

  function sendAnswer(request: Request, response: Response, message: Message): void {
    const whole = toAnswer(method.output, message);
    const shown = route.responseField === undefined ? whole : ((whole as JsonObject)[route.responseField.jsonName] ?? null);
    if (policy.location !== undefined) setLocation(response, policy.location, whole);
    const answer: JsonValue = needs.browserSession.empty(entry, request, response, shown);
    response.status(policy.successStatus);
    // What an action brings, tokens above all, is nobody's to keep; what is read may be asked for again.
    response.setHeader('Cache-Control', route.verb !== 'get' ? 'no-store' : policy.public ? 'no-cache' : 'private, no-cache');
    if (policy.successStatus === 204) response.end();
    else sendJson(response, JSON.stringify(answer), { hasTag: route.verb === 'get' && policy.successStatus === 200 });
  }
}

/** The request of a stream holds the request of its unary sibling. */
function wrap(stream: DescMethodServerStreaming, message: Message): Message {
  const holder = stream.input.fields.find((field) => field.message?.typeName === message.$typeName);
  if (holder === undefined) throw new Error(`${stream.name} does not hold a ${message.$typeName}`);
  return create(stream.input, { [holder.localName]: message });
}
