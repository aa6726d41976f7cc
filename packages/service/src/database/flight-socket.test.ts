import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, it, vi } from 'vitest';
import { FlightSocket } from './flight-socket.ts';

it('writes once what was said in one turn, and in the order in which it was said', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  const received = once(server, 'connection').then(([peer]) => buffer(peer as FlightSocket));
  await once(server, 'listening');
  const socket = new FlightSocket();
  socket.connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  const writes = vi.spyOn(socket, '_writev' as 'write');

  for (const turn of ['first', 'second']) {
    for (const statement of ['parse ', 'bind ']) {
      socket.cork();
      socket.write(turn);
      socket.write(` ${statement}`);
      socket.uncork();
    }
    socket.write('execute;');
    await new Promise(setImmediate);
  }

  expect(writes).toHaveBeenCalledTimes(2);
  socket.end();
  expect((await received).toString()).toBe('first parse first bind execute;second parse second bind execute;');
  server.close();
});
