import type { RunningSwitchboard } from './start-switchboard.ts';

const PHONE = '+493012345678';

/** What a newcomer needs, on one screen. */
export function readyScreen(running: RunningSwitchboard, seconds: number): string {
  const { baseUrl, token, dataDir, logFolder } = running;
  const contact = JSON.stringify({
    channel: 'phone',
    from: { address: PHONE, name: 'Ada' },
    reason: 'accident-report',
    text: 'I had an accident and need a tow.',
  });
  return `
Switchboard is ready (${seconds.toFixed(1)} s).

  Base URL       ${baseUrl}
  API reference  ${baseUrl}/docs
  Token          ${token}
  Data           ${dataDir}
  Logs           ${logFolder}

Send a first contact:

  curl -s ${baseUrl}/v1/contacts \\
    -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' \\
    -d '${contact}'

See where it went:

  curl -s '${baseUrl}/v1/cases?contactPoint=phone:${encodeURIComponent(PHONE)}' \\
    -H 'Authorization: Bearer ${token}'

Ctrl-C stops everything; the data stays.
`;
}
