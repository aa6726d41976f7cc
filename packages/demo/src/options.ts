/** What the person at the keyboard asked for. */
import { parseArgs } from 'node:util';
import { findSwitchboard, Hint } from '@switchboard/launcher';

export interface DemoOptions {
  readonly baseUrl: string;
  readonly token: string;
  readonly seed: number;
  /** Real time of the played day. */
  readonly minutes: number;
  /** Contacts a second, on average. */
  readonly rate: number;
}

export const usage = `npm run demo -- [--seed N] [--minutes M] [--rate R] [--url URL] [--token TOKEN]

  --seed      which day is played (default 1): the same seed, the same customers and contacts
  --minutes   real time the day takes (default 2)
  --rate      contacts a second, on average (default 4)
  --url       base URL of the running Switchboard (default: SWITCHBOARD_URL, else where npm start answers)
  --token     its token (default: SWITCHBOARD_TOKEN, else the one kept with its data)
`;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads options, then the environment, then what `npm start` keeps. `undefined`: help was asked for.
 * @throws Hint that names what cannot be used
 */
export function readOptions(args: readonly string[], env: Environment, root: string): DemoOptions | undefined {
  const values = parse(args);
  if (values.help === true) return undefined;
  const numbers = {
    seed: numberOf('--seed', values.seed ?? '1', { least: 0, most: 2 ** 31 - 1, whole: true }),
    minutes: numberOf('--minutes', values.minutes ?? '2', { least: 0.1, most: 1440 }),
    rate: numberOf('--rate', values.rate ?? '4', { least: 0.1, most: 200 }),
  };
  const url = notEmpty(values.url) ?? notEmpty(env.SWITCHBOARD_URL);
  const token = notEmpty(values.token) ?? notEmpty(env.SWITCHBOARD_TOKEN);
  if (url !== undefined && !URL.canParse(url)) throw new Hint(`--url: "${url}" is no URL.`);
  if (url !== undefined && token !== undefined) return { baseUrl: withoutSlash(url), token, ...numbers };
  const found = findSwitchboard(root, env);
  const baseUrl = withoutSlash(url ?? found.baseUrl);
  const known = token ?? found.token;
  if (known === undefined) throw notRunning(baseUrl);
  return { baseUrl, token: known, ...numbers };
}

/** The one sentence for whoever was too fast. */
export function notRunning(baseUrl: string): Hint {
  return new Hint(`No Switchboard answers at ${baseUrl}: run \`npm start\` first (in another terminal).`);
}

function parse(args: readonly string[]) {
  try {
    const text = { type: 'string' } as const;
    const options = {
      seed: text,
      minutes: text,
      rate: text,
      url: text,
      token: text,
      help: { type: 'boolean' },
    } as const;
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
  } catch (error) {
    throw new Hint(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

interface Bounds {
  readonly least: number;
  readonly most: number;
  readonly whole?: true;
}

function numberOf(name: string, text: string, { least, most, whole }: Bounds): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= least && value <= most && (whole !== true || Number.isInteger(value))) return value;
  throw new Hint(
    `${name}: "${text}" must be a ${whole === true ? 'whole ' : ''}number from ${String(least)} to ${String(most)}.`,
  );
}

function notEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/u, '');
}
