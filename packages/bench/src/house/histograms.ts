/** What the services' own histograms counted meanwhile: sums and counts out of their metrics, by one label. */

export interface Sum {
  readonly sum: number;
  readonly count: number;
}

/** Value of the label -> what was recorded under it so far, over all replicas. @throws when one of them does not answer */
export async function readHistogram(
  urls: readonly string[],
  { name, label }: { readonly name: string; readonly label: string },
): Promise<ReadonlyMap<string, Sum>> {
  const texts = await Promise.all(urls.map(async (url) => (await fetch(url)).text()));
  return sumsIn(texts.join('\n'), { name, label });
}

/** The same of the text that Prometheus reads; units in the name are passed over. */
export function sumsIn(
  text: string,
  { name, label }: { readonly name: string; readonly label: string },
): ReadonlyMap<string, Sum> {
  const found = new Map<string, Sum>();
  const line = new RegExp(`^${name}(?:_seconds)?_(?<part>sum|count)\\{(?<labels>[^}]*)\\} (?<value>\\S+)`, 'gmu');
  const labelled = new RegExp(`(?:^|,)${label}="(?<value>[^"]*)"`, 'u');
  for (const { groups = {} } of text.matchAll(line)) {
    const { part = '', labels = '', value = '' } = groups;
    const of = labelled.exec(labels)?.groups?.['value'];
    if (of === undefined) continue;
    const before = found.get(of) ?? { sum: 0, count: 0 };
    found.set(of, { ...before, [part]: before[part as keyof Sum] + Number(value) });
  }
  return found;
}

/** What was recorded between two looks. */
export function between(before: ReadonlyMap<string, Sum>, after: ReadonlyMap<string, Sum>): Map<string, Sum> {
  return new Map(
    [...after].map(([name, { sum, count }]) => {
      const earlier = before.get(name) ?? { sum: 0, count: 0 };
      return [name, { sum: sum - earlier.sum, count: count - earlier.count }];
    }),
  );
}
