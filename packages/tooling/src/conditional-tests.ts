/** Tests that need something a machine may not have. Where it is missing they are left out, and that is said. */
import { existsSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');

/** Named `*kafka*.int.test.ts` or `*kafka*.e2e.test.ts`. */
export const needKafka = ['**/*kafka*.int.test.ts', '**/*kafka*.e2e.test.ts'];

/** Named `*shared-data*.test.ts`: they read samples that lie beside the checkout. */
export const needSharedData = ['**/*shared-data*.test.ts'];

/** Whether the samples lie beside the checkout. */
export const hasSharedData = existsSync(path.join(root, '../shared/data'));
