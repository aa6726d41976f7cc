/** How verdicts are told. */
import type { Verdict } from './house.ts';

export interface Output {
  write(text: string): unknown;
}

/** What did not come to its end was not survived. */
export const failed = (error: unknown): Verdict => ({
  findings: [{ guarantee: 'it comes to its end', detail: inWords(error) }],
  tookMs: 0,
  drainMs: 0,
});

export const inWords = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

/** Findings shown of one guarantee. */
const mostShown = 5;

/** Not everything that is tried has faults that end before it does. */
type Told = Omit<Verdict, 'drainMs'> & { readonly drainMs: number | undefined };

export function tell(output: Output, name: string, { findings, tookMs, drainMs }: Told): void {
  const seconds = (ms: number): string => `${String(Math.round(ms / 1000))} s`;
  const result = findings.length === 0 ? 'survived' : `${String(findings.length)} FINDINGS`;
  const rest = drainMs === undefined ? '' : `, at rest ${seconds(drainMs)} after the fault`;
  output.write(`${name}: ${result} (${seconds(tookMs)}${rest})\n`);
  for (const [guarantee, those] of Map.groupBy(findings, (finding) => finding.guarantee)) {
    output.write(`  not so: ${guarantee} (${String(those.length)})\n`);
    for (const { detail } of those.slice(0, mostShown)) output.write(`    ${detail}\n`);
  }
}
