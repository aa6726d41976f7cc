/** The models as decisions look them up. */
import type { Sql } from '@switchboard/hallway';
import type { Configuration, RiskConfiguration } from '../domain/configuration.ts';
import { readyModel } from '../domain/risk/model.ts';
import type { Ready, RiskModel } from '../domain/risk/model.ts';

interface Row extends Record<string, unknown> {
  readonly id: string;
  readonly version: number;
  readonly definition: RiskModel;
}

type Load = (sql: Sql) => Promise<Omit<Configuration, 'risk'>>;

/** The rest of the configuration with the models; a model that stayed the same is made ready once. */
export function withRisk(load: Load, levels: readonly number[]): (sql: Sql) => Promise<Configuration> {
  const known = new Map<string, { readonly version: number; readonly ready: Ready | undefined }>();
  return async (sql) => {
    const versions = await sql.query<Pick<Row, 'id' | 'version'>>('select id, version from risk_model');
    const stale = versions.filter(({ id, version }) => known.get(id)?.version !== version).map(({ id }) => id);
    if (stale.length > 0) {
      const rows = await sql.query<Row>('select id, version, definition from risk_model where id = any($1::text[])', [
        stale,
      ]);
      for (const { id, version, definition } of rows) known.set(id, { version, ready: readyModel(definition) });
    }
    return { ...(await load(sql)), risk: { levels, models: modelsOf(known) } };
  };
}

function modelsOf(
  known: ReadonlyMap<string, { readonly version: number; readonly ready: Ready | undefined }>,
): RiskConfiguration['models'] {
  return new Map(
    [...known].flatMap(([id, { version, ready }]) => (ready === undefined ? [] : [[id, { version, ready }] as const])),
  );
}
