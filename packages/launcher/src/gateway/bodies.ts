/** Bodies on their way through the gateway: nothing of them is read here, and no answer to them is lost. */
import { finished, PassThrough } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Must be installed before the routes. */
export function handOnBodies(app: FastifyInstance): void {
  app.addHook('onRequest', ({ headers }, _reply, done) => {
    // Node has said "100 Continue" already, and the client that asks the service does not know the header.
    delete headers.expect;
    // Nothing is of no type, whatever the header says.
    if (!hasBody(headers)) delete headers['content-type'];
    done();
  });
  // A service may refuse a body before it has read it. The rest is then read and thrown away: a caller whose connection
  // is cut while it still sends never sees the answer.
  app.addHook('preParsing', (request, _reply, payload, done) => {
    if (!hasBody(request.headers)) {
      done(null, payload);
      return;
    }
    const passed = payload.pipe(new PassThrough());
    finished(payload, (error) => {
      if (error) passed.destroy();
    });
    finished(passed, () => request.raw.resume());
    done(null, passed);
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    if (!request.raw.complete) reply.removeHeader('connection');
    done(null, payload);
  });
}

function hasBody(headers: FastifyRequest['headers']): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
