/** The load generator as a process of its own: publishes records of the mix at their times, then tells how it went. */
import { createEmbeddedBus, createKafkaBus, type Bus, type OutgoingRecord } from '@switchboard/bus';
import { runOpenLoop, scheduleOf, wallClock } from '../../load/open-loop.ts';
import type { Generated, GeneratorPlan } from './generator.ts';
import { statusAt } from '../sla/statuses.ts';
import { recordAt } from './mix.ts';

const plan = JSON.parse(process.argv[2] ?? '') as GeneratorPlan;
const bus = openBus();
try {
  const generated = await generate(bus);
  process.stdout.write(`${JSON.stringify(generated)}\n`);
} finally {
  await bus.close();
}

function openBus(): Bus {
  if (plan.bus.kind === 'embedded') return createEmbeddedBus({ connectionString: plan.bus.url });
  return createKafkaBus({ brokers: [plan.bus.brokers], clientId: 'bench-load' });
}

async function generate(out: Bus): Promise<Generated> {
  await out.ping();
  const schedule = scheduleOf(plan);
  const waiting: OutgoingRecord[] = [];
  let acknowledged = 0;
  let lastAcknowledgedAt = 0;
  let sending: Promise<void> | undefined;
  const send = async (): Promise<void> => {
    while (waiting.length > 0) {
      const records = waiting.splice(0, plan.mostAtOnce);
      await out.publish(records);
      acknowledged += records.length;
      lastAcknowledgedAt = wallClock();
    }
    sending = undefined;
  };
  const { latestMs } = await runOpenLoop({
    schedule,
    tickMs: 2,
    onDue: (from, to) => {
      for (let index = from; index < to; index += 1) waiting.push(outgoing(plan.firstIndex + index));
      sending ??= send();
    },
  });
  while (sending !== undefined) await sending;
  return { acknowledged, latestMs, lastAcknowledgedAt };
}

function outgoing(index: number): OutgoingRecord {
  if (plan.records === 'statuses') return { ...statusAt(plan.name, index), topic: `${plan.prefix}.intake` };
  const { topic, sender, value, headers } = recordAt(plan.name, index);
  return { topic: `${plan.prefix}.${topic}`, key: sender, value, headers };
}
