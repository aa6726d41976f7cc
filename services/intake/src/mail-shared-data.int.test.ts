import { readdirSync, readFileSync } from 'node:fs';
import { startTestService, type TestService } from '@switchboard/service/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IntakeCommands } from './domain/commands.ts';
import { intake } from './service.ts';

const samples = new URL('../../../../shared/data/emails/', import.meta.url);

let running: TestService<IntakeCommands>;
beforeAll(async () => {
  running = await startTestService(intake);
});
afterAll(() => running.stop());

interface Answer {
  readonly status: number;
  readonly body: { code: string };
}

function post(mail: Buffer, to: string): Promise<Answer> {
  const path = `/v1/channels/email/messages?to=${encodeURIComponent(to)}`;
  return running.call('POST', path, mail, { 'content-type': 'message/rfc822' });
}

describe('the mails of ../shared/data/emails', () => {
  test('at least 50 of 59 become contacts, every other one is refused with a code, sent again nothing changes', async () => {
    const names = readdirSync(samples).filter((name) => name.endsWith('.eml'));
    expect(names).toHaveLength(59);
    const sendAll = async (): Promise<Map<string, Answer>> => {
      const answers = new Map<string, Answer>();
      // Several share a Message-ID although they differ: each has a mailbox of its own.
      for (const [n, name] of names.entries()) {
        answers.set(name, await post(readFileSync(new URL(name, samples)), `box${String(n)}@example.com`));
      }
      return answers;
    };

    const first = await sendAll();
    const second = await sendAll();

    const accepted = [...first.values()].filter(({ status }) => status === 201);
    expect(accepted.length).toBeGreaterThanOrEqual(50);
    const refused = [...first].filter(([, { status }]) => status !== 201);
    for (const [name, { status, body }] of refused)
      expect([name, status, typeof body.code]).toEqual([name, 400, 'string']);
    for (const [name, answer] of second) {
      const before = first.get(name);
      if (before?.status === 201) expect([name, answer.status, answer.body]).toEqual([name, 200, before.body]);
    }
  });
});
