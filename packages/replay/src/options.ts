/** What the person at the keyboard asked for. */
import { parseArgs } from 'node:util';
import { findSwitchboard, Hint, SERVICES, type ServiceName } from '@switchboard/launcher';

export const usage = `npm run replay -- list [filters] [--open] [--json]        dead letters, oldest first
npm run replay -- show <id> [--service S]               one of them, with its bytes
npm run replay -- replay <id> [--service S]             decides it again, against today's state
npm run replay -- replay --all [filters] [--dry-run]    those that match and were not replayed yet, in order

filters
  --service   intake, routing, sla, customer-360 or offers (default: all)
  --topic     the topic of the original record, whole
  --reason    why it could not be handled, for example invalid-data, failed, never-arrived
  --from      buried at this instant or later, for example 2027-03-01 or 2027-03-01T08:00:00Z
  --to        buried before this instant
  --open      list only: those that were not replayed yet
  --json      list only: one JSON object a line

where
  --url       base URL of the running Switchboard (default: SWITCHBOARD_URL, else where npm start answers)
  --token     a token with the scope ops (default: SWITCHBOARD_TOKEN, else the one kept with npm start's data)

exit code: 0 done; 1 could not be done; 2 not understood; 3 done, but at least one was not handled again
`;

/** The command line cannot be understood: exit code 2. */
export class UsageError extends Hint {
  override readonly name = 'Hint';
}

export interface Filter {
  readonly topic?: string;
  readonly reason?: string;
  /** RFC 3339. */
  readonly from?: string;
  readonly to?: string;
}

export type Action =
  | { readonly action: 'list'; readonly open: boolean; readonly json: boolean }
  | { readonly action: 'show'; readonly id: string }
  | { readonly action: 'replay'; readonly id: string }
  | { readonly action: 'replay-all'; readonly dryRun: boolean };

export interface ReplayOptions {
  readonly baseUrl: string;
  readonly token: string;
  readonly services: readonly ServiceName[];
  readonly filter: Filter;
  readonly chosen: Action;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Values = ReturnType<typeof parse>['values'];

/**
 * Reads options, then the environment, then what `npm start` keeps. `undefined`: help was asked for.
 * @throws UsageError for what cannot be understood, Hint where there is no token
 */
export function readOptions(args: readonly string[], env: Environment, root: string): ReplayOptions | undefined {
  const { values, positionals } = parse(args);
  if (values.help === true) return undefined;
  const chosen = actionOf(positionals, values);
  const services = servicesOf(values.service);
  const filter = filterOf(values);
  if ('id' in chosen && Object.keys(filter).length > 0) throw refusal('filters go with list and with replay --all');
  return { ...placeOf(values, env, root), services, filter, chosen };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = {
    ...{ service: text, topic: text, reason: text, from: text, to: text, url: text, token: text },
    ...{ all: flag, 'dry-run': flag, open: flag, json: flag, help: flag },
  };
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw refusal(error instanceof Error ? error.message : String(error));
  }
}

function actionOf([action, id, ...more]: readonly string[], values: Values): Action {
  if (more.length > 0) throw refusal(`"${more.join(' ')}" is too much`);
  if (action !== 'list' && (values.open === true || values.json === true))
    throw refusal('--open and --json go with list');
  if ((action !== 'replay' || id !== undefined) && (values.all === true || values['dry-run'] === true)) {
    throw refusal('--all and --dry-run go with replay, without an id');
  }
  if (action === 'list' && id === undefined) {
    return { action, open: values.open === true, json: values.json === true };
  }
  if (action === 'replay' && values.all === true) return { action: 'replay-all', dryRun: values['dry-run'] === true };
  if ((action === 'show' || action === 'replay') && id !== undefined) return { action, id };
  throw refusal(
    action === undefined
      ? 'say list, show or replay'
      : `${action}: an id is ${id === undefined ? 'missing' : 'too much'}`,
  );
}

function servicesOf(given: string | undefined): ServiceName[] {
  const names = SERVICES.map(({ name }) => name);
  if (given === undefined) return names;
  const found = names.find((name) => name === given);
  if (found === undefined) throw refusal(`--service: "${given}" is none of ${names.join(', ')}`);
  return [found];
}

function filterOf({ topic, reason, from, to }: Values): Filter {
  const text = Object.entries({ topic, reason }).filter(([, value]) => value !== undefined && value !== '');
  const instants = Object.entries({ from, to }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, instantOf(name, value)] as const],
  );
  return Object.fromEntries([...text, ...instants]);
}

function instantOf(name: string, text: string): string {
  const instant = /^\d{4}-\d{2}-\d{2}/u.test(text) ? new Date(text) : new Date(Number.NaN);
  if (Number.isNaN(instant.getTime())) throw refusal(`--${name}: "${text}" is no instant`);
  return instant.toISOString();
}

function placeOf(values: Values, env: Environment, root: string): { baseUrl: string; token: string } {
  const url = notEmpty(values.url) ?? notEmpty(env.SWITCHBOARD_URL);
  const token = notEmpty(values.token) ?? notEmpty(env.SWITCHBOARD_TOKEN);
  if (url !== undefined && !URL.canParse(url)) throw refusal(`--url: "${url}" is no URL`);
  const found = url !== undefined && token !== undefined ? undefined : findSwitchboard(root, env);
  const baseUrl = (url ?? found?.baseUrl ?? '').replace(/\/+$/u, '');
  const known = token ?? found?.token;
  if (known === undefined) throw new Hint(`There is no token for ${baseUrl}: give --token or SWITCHBOARD_TOKEN.`);
  return { baseUrl, token: known };
}

const notEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

const refusal = (reason: string): UsageError => new UsageError(`${reason}\n\n${usage}`);
