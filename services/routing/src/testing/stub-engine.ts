/** An engine: a real server on loopback that checks signatures and answers as it is told. */
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Question } from '../domain/matching/engine-desk.ts';

const KEY = Buffer.alloc(32, 7);
export const ENGINE_SECRET = `whsec_${KEY.toString('base64')}`;

interface EngineReply {
  readonly status: number;
  readonly body: string;
}

export interface StubEngine {
  readonly url: string;
  readonly received: readonly { readonly question: Question; readonly isSigned: boolean }[];
  /** `undefined`: it says nothing. */
  answer: (question: Question) => EngineReply | undefined;
  close(): Promise<void>;
}

export async function startStubEngine(): Promise<StubEngine> {
  const received: { question: Question; isSigned: boolean }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { data: question } = JSON.parse(body) as { readonly data: Question };
      received.push({ question, isSigned: isSigned(request.headers, body) });
      const reply = engine.answer(question);
      if (reply !== undefined) response.writeHead(reply.status, { 'content-type': 'application/json' }).end(reply.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const engine: StubEngine = {
    url: `http://127.0.0.1:${String(port)}/match`,
    received,
    answer: () => undefined,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return engine;
}

/** As the standard says, without its library or ours. */
function isSigned(headers: IncomingHttpHeaders, body: string): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = headers;
  const expected = createHmac('sha256', KEY)
    .update(`${String(id)}.${String(at)}.${body}`)
    .digest('base64');
  return signature === `v1,${expected}`;
}
