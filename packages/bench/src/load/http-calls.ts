/** HTTP calls at little cost: kept connections, one call at a time on each, answers read and let go. */
import { Pool, type Dispatcher } from 'undici';

export interface HttpCall {
  readonly method: 'GET' | 'POST';
  /** With its query. */
  readonly path: string;
  /** JSON. */
  readonly body?: string | Buffer;
}

export interface HttpCaller {
  /** Resolves with the answer's body. @throws when the status is not 2xx, or the connection broke */
  call(what: HttpCall): Promise<string>;
  close(): Promise<void>;
}

export interface HttpTarget {
  /** Of the service. */
  readonly url: string;
  readonly token: string;
  /** Calls under way at once; further ones wait for a connection, and are charged for it. */
  readonly connections: number;
}

export function openCaller({ url, token, connections }: HttpTarget): HttpCaller {
  const pool = new Pool(url, { connections, pipelining: 1 });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const bare = { authorization: headers.authorization };
  return {
    call: ({ method, path, body }) =>
      new Promise((resolve, reject) => {
        const chunks: Buffer[] = [];
        let status = 0;
        const handler: Dispatcher.DispatchHandler = {
          onRequestStart: () => undefined,
          onResponseStart: (_controller, code) => {
            status = code;
          },
          onResponseData: (_controller, chunk) => {
            chunks.push(chunk);
          },
          onResponseEnd: () => {
            const text = (chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)).toString();
            if (status >= 200 && status < 300) resolve(text);
            else reject(new Error(`${method} ${path} answered ${String(status)}: ${text.slice(0, 300)}`));
          },
          onResponseError: (_controller, error) => {
            reject(error);
          },
        };
        pool.dispatch({ method, path, headers: body === undefined ? bare : headers, body: body ?? null }, handler);
      }),
    close: () => pool.destroy(),
  };
}
