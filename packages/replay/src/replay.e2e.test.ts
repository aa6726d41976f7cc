/** Dead letters of real services, as `npm run replay` shows and replays them. */
import path from 'node:path';
import { startFleet, type Fleet } from '@switchboard/fleet';
import { freePort, startGateway } from '@switchboard/launcher';
import { eventually } from '@switchboard/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runReplay } from './run-replay.ts';

const root = path.resolve(import.meta.dirname, '../../..');

let fleet: Fleet;
let gateway: Awaited<ReturnType<typeof startGateway>>;
let env: Record<string, string>;
beforeAll(async () => {
  fleet = await startFleet({ root, bus: 'embedded' });
  const port = await freePort();
  const url = (service: Parameters<Fleet['of']>[0]): string => fleet.of(service)[0]?.url ?? '';
  gateway = await startGateway({
    host: '127.0.0.1',
    port,
    services: {
      intake: url('intake'),
      routing: url('routing'),
      sla: url('sla'),
      'customer-360': url('customer-360'),
      offers: url('offers'),
    },
  });
  env = { SWITCHBOARD_URL: `http://127.0.0.1:${String(port)}`, SWITCHBOARD_TOKEN: fleet.token };
  const bus = fleet.openBus('strangers');
  const contact = (address: string) => ({ channel: 'phone', from: { address }, text: 'hello', externalId: address });
  await bus.publish(
    [contact('0660 1234567'), contact('0660 7654321'), { channel: 'phone' }].map((body) => ({
      topic: 'switchboard.contacts',
      key: 'k',
      headers: {},
      value: Buffer.from(JSON.stringify(body)),
    })),
  );
  await bus.publish([
    { topic: 'switchboard.activities', key: 'k', headers: {}, value: Buffer.from('\u001b[2Jno JSON') },
  ]);
  await bus.close();
  await eventually(async () => expect((await replay('list')).output).toMatch(/^4 dead letters/mu), {
    timeoutMs: 60_000,
  });
}, 180_000);
afterAll(async () => {
  await gateway.close();
  await fleet.stop();
});

async function replay(...args: string[]): Promise<{ code: number; output: string; errors: string }> {
  let output = '';
  let errors = '';
  const code = await runReplay({
    args,
    env,
    root,
    write: (text) => (output += text),
    complain: (text) => (errors += text),
    signal: new AbortController().signal,
  });
  return { code, output, errors };
}
const listed = async (...args: string[]): Promise<{ id: string; service: string }[]> => {
  const { output } = await replay('list', '--json', ...args);
  return output === ''
    ? []
    : output
        .trimEnd()
        .split('\n')
        .map((text) => JSON.parse(text) as { id: string; service: string });
};

describe('npm run replay', { timeout: 120_000 }, () => {
  it('lists by service, topic, reason and time, and counts', async () => {
    const [all, future] = [await replay('list'), await replay('list', '--from', '2999-01-01')];

    expect(all.code).toBe(0);
    expect(all.output).toMatch(/4 dead letters, 4 not replayed. By service: intake 3, customer-360 1\./u);
    // What a stranger wrote does not reach the terminal as a command.
    expect(all.output).not.toContain('\u001b');
    expect(await listed('--service', 'intake')).toHaveLength(3);
    expect(await listed('--topic', 'switchboard.activities')).toMatchObject([{ service: 'customer-360' }]);
    expect(await listed('--reason', 'nothing-has-this')).toEqual([]);
    expect(await listed('--to', '2020-01-01T00:00:00Z')).toEqual([]);
    expect(future.output).toBe('No dead letters.\n');
  });

  it('shows one wherever it is, and says when nobody has it', async () => {
    const [letter] = await listed('--service', 'intake');
    const one = await replay('show', letter?.id ?? '');
    const none = await replay('show', '01890000-0000-7000-8000-000000000003');

    expect(one.output).toContain('0660 1234567');
    expect(none).toMatchObject({ code: 1, output: '' });
    expect(none.errors).toContain('There is no dead letter');
  });

  it('replays what was mended; what fails again stands there once', async () => {
    const dry = await replay('replay', '--all', '--dry-run', '--service', 'intake');
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.output).toMatch(/3 would be replayed/u);
    const [intake] = fleet.of('intake');
    await intake?.stop();
    await intake?.start({ env: { DEFAULT_REGION: 'AT' } });

    const [first] = await listed('--service', 'intake');
    const one = await replay('replay', first?.id ?? '');
    const rest = await replay('replay', '--all', '--service', 'intake');
    const again = await replay('replay', '--all', '--service', 'intake');

    expect(one).toMatchObject({ code: 0 });
    expect(one.output).toMatch(/1 replayed: done 1\./u);
    expect(rest.code).toBe(3);
    expect(rest.output).toMatch(/2 replayed: .*done 1/u);
    expect(again.output).toMatch(/^1 replayed: /mu);
    expect(await listed('--service', 'intake', '--open')).toHaveLength(1);
  });

  it('says what is wrong, with an exit code of its own', async () => {
    const unknown = await replay('list', '--service', 'nobody');
    const neither = await replay('replay');
    const filtered = await replay('show', 'x', '--reason', 'failed');
    const stranger = await replay('list', '--token', 'a-token-nobody-knows');
    const nobody = await replay('list', '--url', `http://127.0.0.1:${String(await freePort())}`);
    const help = await replay('--help');

    expect([unknown.code, neither.code, filtered.code, stranger.code, nobody.code, help.code]).toEqual([
      2, 2, 2, 1, 1, 0,
    ]);
    expect(unknown.errors).toContain('"nobody" is none of intake');
    expect(stranger.errors).toContain('The token is not known there');
    expect(nobody.errors).toContain('No Switchboard answers at');
  });
});
