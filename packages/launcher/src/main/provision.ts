/** `node packages/launcher/src/main/provision.ts`: prepares a database for five services, then ends. */
import path from 'node:path';
import { provisionDatabase } from '../database/provision.ts';
import { SERVICES } from '../services.ts';
import { keepSecrets, writeApiKeys } from '../start/secrets.ts';
import { runMain } from './run-main.ts';
import { provisionSettings, readBy } from './settings.ts';

await runMain(async () => {
  const settings = readBy(provisionSettings, process.env);
  const services = SERVICES.map(({ name }) => name);
  const passwords = Object.fromEntries(services.map((name) => [name, settings.SERVICE_PASSWORD]));
  await provisionDatabase(settings.DATABASE_URL, { services, passwords, rolePrefix: settings.TOPIC_PREFIX });
  const folder = path.resolve(settings.SWITCHBOARD_DATA);
  const token = settings.SWITCHBOARD_TOKEN ?? keepSecrets(folder, []).token;
  writeApiKeys(folder, token, settings.SWITCHBOARD_TOKEN === undefined);
  process.stdout.write(
    `The database is ready. Token: ${settings.SWITCHBOARD_TOKEN === undefined ? token : 'as given'}\n`,
  );
});
