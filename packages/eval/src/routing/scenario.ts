/** `npm run eval -- routing`: what is matching at least cost worth? */
import path from 'node:path';
import type { Scenario } from '../scenario.ts';
import { readIncidents } from '../sla/incident-log.ts';
import { evaluate } from './evaluate.ts';
import { comparisonPicture } from './pictures.ts';
import { jsonReport, textReport } from './report.ts';

const LOG = 'incidents/uci-incident-event-log.zip';

export const routing: Scenario = {
  name: 'routing',
  summary: 'matching at least cost against usual strategies, on the incident log of an IT company',
  needs: LOG,
  run: async ({ data, tell }) => {
    tell(`reading ${LOG} ...`);
    const found = evaluate(await readIncidents(path.join(data, LOG)), tell);
    return {
      report: textReport(found),
      json: jsonReport(found),
      pictures: new Map([['services/routing/docs/matching.svg', comparisonPicture(found)]]),
    };
  },
};
