/** A subscriber that answers 204; says its port. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

const takes = Number(workerData);
const server = createServer((request, response) => {
  request.resume().once('end', () => {
    if (takes === 0) response.writeHead(204).end();
    else setTimeout(() => response.writeHead(204).end(), takes * (0.5 + Math.random()));
  });
});
server.listen(0, '127.0.0.1', () => parentPort?.postMessage((server.address() as AddressInfo).port));
