import { afterAll, beforeAll, describe, test } from 'vitest';
import { openHouse, type House } from './house.ts';
import { oneTrace } from './one-trace.ts';
import { accidentStory, quietStory, upgradeStory } from './stories.ts';

describe('on the embedded bus, five plain processes', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house.stop());

  test('a driver reports an accident and is offered a rental car before the call is a second old', async () => {
    await accidentStory(house);
  });

  test('an upgrade abandoned online stands first when the customer calls the next day', async () => {
    await upgradeStory(house, async (key, contact) => {
      const value = Buffer.from(JSON.stringify(contact));
      await house.bus.publish([{ topic: `${house.prefix}.contacts`, key, headers: {}, value }]);
    });
  });

  test('an open complaint keeps every offer away', async () => {
    await quietStory(house);
  });

  test('one trace goes through every service', async () => {
    await oneTrace(house);
  });
});
