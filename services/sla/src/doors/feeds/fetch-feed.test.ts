import type { Egress, EgressRequest } from '@switchboard/egress';
import type { Effect } from '@switchboard/hallway';
import { expect, test } from 'vitest';
import { fetchFeed } from './fetch-feed.ts';

const TEXT = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n';

/** What comes of an answer with these headers, and what was asked with. */
async function fetched(headers: Readonly<Record<string, string>>) {
  const asked: (EgressRequest | undefined)[] = [];
  const egress: Egress = {
    guardedFetch: (_, request) => {
      asked.push(request);
      return Promise.resolve({ status: 200, headers, body: Buffer.from(TEXT) });
    },
    refusal: () => undefined,
    close: () => Promise.resolve(),
  };
  const effect = { data: { calendarId: 'office', url: 'https://feeds.example/a.ics' } } as unknown as Effect;
  const outcome = await fetchFeed(egress)(effect, new AbortController().signal);
  return { asked, data: outcome?.command?.data };
}

test('of what an address says of its copy, only what can be sent back is kept', async () => {
  const { data } = await fetched({ etag: '"a1"', 'last-modified': 'Mon, 02 Mar 2026 08:00:00 GMT' });
  expect(data).toMatchObject({ result: { etag: '"a1"', lastModified: 'Mon, 02 Mar 2026 08:00:00 GMT' } });
  // As bytes that are no UTF-8 arrive: no header may hold that, so nothing could be asked of the address any more.
  const odd = await fetched({ etag: '"na\ufffdve"', 'last-modified': 'x'.repeat(201) });
  expect(odd.data).toMatchObject({ result: { etag: undefined, lastModified: undefined } });
});
