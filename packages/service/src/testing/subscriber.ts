/** A subscriber to webhooks: a real server on loopback that answers as it is told and remembers what came. */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ServerCertificate } from '@switchboard/testing';

export interface Delivered {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface SubscriberAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Subscriber {
  readonly url: string;
  readonly received: readonly Delivered[];
  /** `webhook-id` of each. */
  ids(): string[];
  close(): Promise<void>;
}

/**
 * @param answer for the first, second … request; none while its promise is pending
 * @param tls serves https
 */
export async function startSubscriber(
  answer: (count: number) => SubscriberAnswer | Promise<SubscriberAnswer> = () => ({ status: 204 }),
  tls?: ServerCertificate,
): Promise<Subscriber> {
  const received: Delivered[] = [];
  const listener: RequestListener = (request, response) => {
    void text(request).then(async (body) => {
      received.push({ headers: request.headers, body });
      const { status, headers = {} } = await answer(received.length);
      response.writeHead(status, { ...headers }).end();
    });
  };
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${String(port)}/hook`,
    received,
    ids: () => received.map(({ headers }) => String(headers['webhook-id'])),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
