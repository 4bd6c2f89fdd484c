import { createHash } from 'node:crypto';
import { Refused } from './dialects/dialect.ts';
import type { Asked, Exchange } from './exchange.ts';
import { writeLines } from './text.ts';

type TranscriptionAsked = Asked & {
  readonly format: string;
  readonly language: string;
  readonly digest: string;
  readonly seconds: number;
};

const formats = ['json', 'text', 'srt', 'verbose_json', 'vtt'];
/** Audio of 16 kB a second, whatever it is in truth: what it lasts must only be the same each time. */
const bytesPerSecond = 16_000;

/** Reads the form of a transcription. `model` stands in for the form's own where the path names a deployment. @throws Refused */
export async function readTranscription(body: Buffer, contentType: string | undefined, deployment?: string): Promise<TranscriptionAsked> {
  const response = new Response(new Uint8Array(body), { headers: { 'content-type': contentType ?? '' } });
  // Not for servers that face strangers; this one serves tests, and has bounded the body already.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const form = await response.formData().catch(() => {
    throw new Refused('invalid_request', 'Could not parse multipart form');
  });
  const field = (name: string): string | undefined => {
    const value = form.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  const file = form.get('file');
  const model = deployment ?? field('model');
  if (file === null || typeof file === 'string') throw new Refused('invalid_request', "Missing required parameter: 'file'.");
  if (model === undefined) throw new Refused('invalid_request', "Missing required parameter: 'model'.");
  const format = field('response_format') ?? 'json';
  if (!formats.includes(format)) throw new Refused('invalid_request', "Invalid value for 'response_format'.");
  if (!isTimed(model) && format !== 'json' && format !== 'text') {
    throw new Refused('invalid_request', `response_format '${format}' is not compatible with model '${model}'.`);
  }
  const audio = Buffer.from(await file.arrayBuffer());
  return {
    model,
    stream: false,
    inputTokens: 0,
    format,
    language: field('language') ?? 'english',
    digest: createHash('sha1').update(audio).digest('hex'),
    seconds: Math.max(0.1, audio.length / bytesPerSecond),
  };
}

export function answerTranscription({ send, call, behaviour }: Exchange, asked: TranscriptionAsked): Promise<void> {
  const { format, language, digest, seconds } = asked;
  const text =
    behaviour.kind === 'empty'
      ? ''
      : behaviour.kind === 'healthy' && behaviour.text !== undefined
        ? behaviour.text
        : writeLines(2, digest).replace('\n', ' ');
  call.audioSeconds = seconds;
  const middle = text.indexOf('. ') + 1 || text.length;
  const segments = [
    { id: 0, start: 0, end: seconds / 2, text: text.slice(0, middle) },
    { id: 1, start: seconds / 2, end: seconds, text: text.slice(middle) },
  ].filter((segment) => segment.text !== '');
  const usage = { type: 'duration', seconds: Math.ceil(seconds) };
  switch (format) {
    case 'text':
      send('text/plain', `${text}\n`);
      break;
    case 'srt':
      send(
        'text/plain',
        segments
          .map(({ id, start, end, text: words }) => `${String(id + 1)}\n${clock(start, ',')} --> ${clock(end, ',')}\n${words.trim()}\n`)
          .join('\n'),
      );
      break;
    case 'vtt':
      send(
        'text/vtt',
        `WEBVTT\n\n${segments.map(({ start, end, text: words }) => `${clock(start, '.')} --> ${clock(end, '.')}\n${words.trim()}\n`).join('\n')}`,
      );
      break;
    case 'verbose_json':
      send(
        'application/json',
        JSON.stringify({ task: 'transcribe', language, duration: seconds, text, segments, usage: { ...usage, seconds } }),
      );
      break;
    default:
      send(
        'application/json',
        JSON.stringify(isTimed(asked.model) ? { text, usage: { ...usage, seconds } } : { text, usage: { ...usage, seconds } }),
      );
  }
  return Promise.resolve();
}

/** The newer models of OpenAI give words alone. */
function isTimed(model: string): boolean {
  return !/^gpt-.*transcribe/.test(model);
}

function clock(seconds: number, point: string): string {
  const at = new Date(Math.round(seconds * 1_000)).toISOString();
  return `${at.slice(11, 19)}${point}${at.slice(20, 23)}`;
}
