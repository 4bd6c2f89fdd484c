import type { StringValue } from '@bufbuild/protobuf/wkt';
import { handleRpc } from '../src/index.ts';
import type { RpcCall, RpcHandler } from '../src/index.ts';
import { EchoService } from './echo-service.ts';

interface EchoAnswers {
  say(request: StringValue, call: RpcCall): Promise<{ value: string }>;
  change(request: StringValue, call: RpcCall): Promise<{ value: string }>;
  count(request: StringValue, call: RpcCall): AsyncIterable<{ value: string }>;
  join(requests: AsyncIterable<StringValue>, call: RpcCall): Promise<{ value: string }>;
  chat(requests: AsyncIterable<StringValue>, call: RpcCall): AsyncIterable<{ value: string }>;
}

/** Handlers of the whole echo service; what a test doesn't give, echoes. */
export function echoHandlers(answers: Partial<EchoAnswers> = {}): RpcHandler[] {
  const echo = async (request: StringValue): Promise<{ value: string }> => ({ value: request.value });
  const { say = echo, change = echo, count = countTo, join = joinAll, chat = echoAll } = answers;
  const { method } = EchoService;
  return [
    handleRpc(method.say, say),
    handleRpc(method.change, change),
    handleRpc(method.count, count),
    handleRpc(method.join, join),
    handleRpc(method.chat, chat),
  ];
}

async function* countTo({ value }: StringValue): AsyncIterable<{ value: string }> {
  for (let number = 1; number <= Number(value); number += 1) yield { value: String(number) };
}

async function joinAll(requests: AsyncIterable<StringValue>): Promise<{ value: string }> {
  const parts: string[] = [];
  for await (const { value } of requests) parts.push(value);
  return { value: parts.join(' ') };
}

async function* echoAll(requests: AsyncIterable<StringValue>): AsyncIterable<{ value: string }> {
  for await (const { value } of requests) yield { value };
}

/** Reads a stream to its end. */
export async function collect(stream: AsyncIterable<{ value: string }>): Promise<string[]> {
  const values: string[] = [];
  for await (const { value } of stream) values.push(value);
  return values;
}
