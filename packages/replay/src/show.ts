/** Dead letters for a person's eyes. */
import type { Letter } from './client.ts';

const columns = [
  { title: 'id', width: 36, of: ({ id }: Letter) => id },
  { title: 'buried at', width: 20, of: ({ at }: Letter) => `${at.slice(0, 19)}Z` },
  { title: 'service', width: 12, of: ({ service }: Letter) => service },
  { title: 'topic', width: 24, of: ({ topic }: Letter) => topic ?? '(timer)' },
  { title: 'reason', width: 18, of: ({ reason }: Letter) => reason },
  { title: 'replayed', width: 8, of: ({ replayedAt }: Letter) => (replayedAt === null ? '' : 'yes') },
  { title: 'error', width: 60, of: ({ error }: Letter) => error },
] as const;

export const heading = `${columns
  .map(({ title, width }) => title.padEnd(width))
  .join('  ')
  .trimEnd()}\n`;

export function line(letter: Letter): string {
  const cells = columns.map(({ width, of }) => cut(printable(of(letter)), width).padEnd(width));
  return `${cells.join('  ').trimEnd()}\n`;
}

/** Everything that is known of one. */
export function whole({ value, headers, ...letter }: Letter): string {
  const facts = Object.entries(letter).map(([name, fact]) => `${name.padEnd(11)} ${printable(String(fact ?? '-'))}`);
  const heads = Object.entries(headers).map(([name, header]) => `  ${printable(name)}: ${printable(header)}`);
  const bytes = value === null ? 'value       -' : `value (${value.encoding})\n${printable(value.data)}`;
  return `${[...facts, 'headers', ...heads, bytes].join('\n')}\n`;
}

/** How many there are of each, most first: `failed 3, invalid-data 1`. */
export function counts(names: readonly string[]): string {
  const tally = new Map<string, number>();
  for (const name of names) tally.set(name, (tally.get(name) ?? 0) + 1);
  return [...tally]
    .sort(([, one], [, other]) => other - one)
    .map(([name, count]) => `${name} ${String(count)}`)
    .join(', ');
}

/** Strangers wrote it: nothing of it may speak to the terminal. */
function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu, '\u{FFFD}');
}

function cut(text: string, width: number): string {
  const flat = text.replaceAll(/\s+/gu, ' ');
  return flat.length <= width ? flat : `${flat.slice(0, width - 1)}…`;
}
