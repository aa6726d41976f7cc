/** Where an installation is, for whoever comes after its start. */
import { enterableFolder, serverUser } from '../postgres/binaries.ts';
import { readSecrets } from './secrets.ts';
import { readSettings } from './settings.ts';
import type { Settings } from './settings.ts';

export interface FoundSwitchboard {
  readonly baseUrl: string;
  /** Given, or the one the first start made up; none when nothing was ever started with these settings. */
  readonly token: string | undefined;
}

/**
 * Where `npm start` with these settings answers, and the token it takes. Whether it runs is another question.
 * @throws Hint when the settings or the kept secrets cannot be used
 */
export function findSwitchboard(root: string, env: Readonly<Record<string, string | undefined>>): FoundSwitchboard {
  const settings = readSettings(env, root);
  return { baseUrl: baseUrlOf(settings), token: settings.token ?? readSecrets(homeOf(settings))?.token };
}

/** The joint base URL as it is reached from this machine. */
export function baseUrlOf({ host, port }: Settings): string {
  return `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${String(port)}`;
}

/** Embedded data has to be where the database's user can enter; other data stays where it was meant to be. */
export function homeOf(settings: Settings): string {
  return settings.database.kind === 'embedded' ? enterableFolder(settings.dataDir, serverUser()) : settings.dataDir;
}
