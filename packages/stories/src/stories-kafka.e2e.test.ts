import { produceWithConsole, testKafka } from '@switchboard/testing';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { openHouse, type House } from './house.ts';
import { oneTrace } from './one-trace.ts';
import { accidentStory, quietStory, upgradeStory } from './stories.ts';

describe('on real Kafka, five plain processes', () => {
  const brokers = testKafka().join(',');
  let house: House;
  beforeAll(async () => {
    house = await openHouse(brokers);
  }, 120_000);
  afterAll(() => house.stop());

  test('a driver reports an accident and is offered a rental car before the call is a second old', async () => {
    await accidentStory(house);
  });

  test('an upgrade abandoned online, by a contact of a foreign client, stands first when the customer calls the next day', async () => {
    await upgradeStory(house, (key, contact) =>
      produceWithConsole({
        brokers,
        topic: `${house.prefix}.contacts`,
        records: [{ key, value: JSON.stringify(contact) }],
      }),
    );
  });

  test('an open complaint keeps every offer away', async () => {
    await quietStory(house);
  });

  test('one trace goes through every service', async () => {
    await oneTrace(house);
  });
});
