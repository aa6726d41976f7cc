/** `npm run eval -- sla`: are broken promises seen coming? */
import path from 'node:path';
import type { Scenario } from '../scenario.ts';
import { evaluate } from './evaluate.ts';
import { readIncidents } from './incident-log.ts';
import { alarmsPicture, calibrationPicture } from './pictures.ts';
import { jsonReport, textReport } from './report.ts';

const LOG = 'incidents/uci-incident-event-log.zip';
const PICTURES = 'services/sla/docs';

export const sla: Scenario = {
  name: 'sla',
  summary: 'broken promises seen coming, on the incident log of an IT company',
  needs: LOG,
  run: async ({ data, tell }) => {
    tell(`reading ${LOG} ...`);
    const found = evaluate(await readIncidents(path.join(data, LOG)));
    return {
      report: textReport(found),
      json: jsonReport(found),
      pictures: new Map([
        [`${PICTURES}/risk-calibration.svg`, calibrationPicture(found)],
        [`${PICTURES}/risk-alarms.svg`, alarmsPicture(found)],
      ]),
    };
  },
};
