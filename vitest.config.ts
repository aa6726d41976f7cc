import { configDefaults, defineConfig } from 'vitest/config';
import { hasSharedData, needKafka, needSharedData } from './packages/tooling/src/conditional-tests.ts';

/** `npm test` says where Kafka is, having looked for one; vitest alone takes the brokers it is given. */
process.env.SWITCHBOARD_TEST_KAFKA ??= process.env.KAFKA_BROKERS;

const leftOut = [
  ...(process.env.SWITCHBOARD_TEST_KAFKA === undefined ? needKafka : []),
  ...(hasSharedData ? [] : needSharedData),
];

export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'services/*/src/**/*.test.ts',
      'scripts/**/*.test.ts',
      'infra/**/*.test.ts',
    ],
    exclude: [...configDefaults.exclude, ...leftOut],
    globalSetup: ['packages/testing/src/global-setup.ts'],
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
  },
});
