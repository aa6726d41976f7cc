import { expect, test, vi } from 'vitest';
import { supervise } from './supervise.ts';
import type { Life } from './supervise.ts';

interface Stage {
  readonly lives: { broken: PromiseWithResolvers<Error>; stopped: boolean }[];
  readonly deaths: Error[];
  startFails: boolean;
  refusals: number;
}

async function stageWithConsumer() {
  const stage: Stage = { lives: [], deaths: [], startFails: false, refusals: 0 };
  const start = (): Promise<Life> => {
    if (stage.startFails) {
      stage.refusals += 1;
      return Promise.reject(new Error('nobody there'));
    }
    const life = { broken: Promise.withResolvers<Error>(), stopped: false };
    stage.lives.push(life);
    const stop = (): Promise<void> => {
      life.stopped = true;
      return Promise.resolve();
    };
    return Promise.resolve({ broken: life.broken.promise, stop });
  };
  const consumer = await supervise({
    start,
    isFatal: ({ message }) => message === 'fatal',
    onDeath: (error) => stage.deaths.push(error),
    pauseMs: 10,
  });
  return { stage, consumer };
}

test('given a consumer, when it breaks, then another one starts', async () => {
  const { stage, consumer } = await stageWithConsumer();
  stage.lives[0]?.broken.resolve(new Error('broken'));
  await vi.waitFor(() => {
    expect(stage.lives).toHaveLength(2);
  });
  await consumer.close();
  expect(stage.lives.map(({ stopped }) => stopped)).toEqual([false, true]);
  expect(stage.deaths).toEqual([]);
});

test('given a consumer that broke fatally, then its death is told and nothing starts', async () => {
  const { stage, consumer } = await stageWithConsumer();
  stage.lives[0]?.broken.resolve(new Error('fatal'));
  await vi.waitFor(() => {
    expect(stage.deaths.map(({ message }) => message)).toEqual(['fatal']);
  });
  await consumer.close();
  expect(stage.lives).toHaveLength(1);
});

test('given a consumer that broke, when no new one can start, then it is tried until one can', async () => {
  const { stage, consumer } = await stageWithConsumer();
  stage.startFails = true;
  stage.lives[0]?.broken.resolve(new Error('broken'));
  await vi.waitFor(() => {
    expect(stage.refusals).toBeGreaterThan(1);
  });
  stage.startFails = false;
  await vi.waitFor(() => {
    expect(stage.lives).toHaveLength(2);
  });
  await consumer.close();
  expect(stage.deaths).toEqual([]);
});

test('given a consumer that broke, when it is closed before a new one starts, then none does', async () => {
  const { stage, consumer } = await stageWithConsumer();
  stage.lives[0]?.broken.resolve(new Error('broken'));
  await Promise.resolve();
  await consumer.close();
  expect(stage.lives).toHaveLength(1);
});
