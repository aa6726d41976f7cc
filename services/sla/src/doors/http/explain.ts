/** `/v1/clocks/{id}/explain`: what happened to a promise, as data and in words. */
import { identifier } from '@switchboard/contracts';
import { defineRoutes, ok, problem } from '@switchboard/service';
import Negotiator from 'negotiator';
import { z } from 'zod';
import type { SlaCommands } from '../../domain/commands.ts';
import { languages, type Language } from '../../domain/explain/format.ts';
import { valuesOf } from '../../domain/dimensions/labels.ts';
import type { Story } from '../../domain/explain/story.ts';
import { inWords } from '../../domain/explain/words.ts';
import { storyReader } from '../../store/story-queries.ts';
import { dimensions } from './shapes.ts';

const eventKinds = [
  'started',
  'priority-changed',
  'tier-changed',
  'policy-changed',
  'target-changed',
  'calendar-changed',
  'handed-over',
  'paused',
  'resumed',
  'warned',
  'breached',
  'reminded',
  'met',
  'canceled',
] as const;

const stretch = z.object({
  from: z.string(),
  to: z.string(),
  ongoing: z.boolean().describe('`to` is now'),
  state: z.enum(['counting', 'paused']),
  reason: z.string().optional(),
  calendarId: z.string(),
  calendarVersion: z.int().optional(),
  team: z.string().optional(),
  priority: z.int().optional(),
  tier: z.string().optional(),
  wallMs: z.number().describe('by the clock on the wall'),
  openMs: z.number().describe('of that, open on its calendar'),
  elapsedMs: z.number().describe('open time that counted, up to its end'),
  pausedMs: z.number().describe('time on the wall in which the clock stood still, up to its end'),
  text: z.string(),
});

const event = z.object({
  at: z.string(),
  kind: z.enum(eventKinds),
  elapsedMs: z.number(),
  reason: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  dueFrom: z.string().optional(),
  dueTo: z.string().optional(),
  share: z.number().optional().describe('of the target that was used up'),
  leftMs: z.number().optional(),
  targetMs: z.number().optional(),
  count: z.int().optional(),
  stoodMs: z.number().optional(),
  remainingMs: z.number().optional().describe('open time left; negative when it was too late'),
  text: z.string(),
});

const told = z.object({
  clockId: z.string(),
  caseId: z.string(),
  policyId: z.string(),
  target: z.string(),
  status: z.string(),
  language: z.enum(languages),
  timeZone: z.string().describe("the calendar's; times in words are those of its walls"),
  at: z.string().describe('up to when it is told'),
  targetMs: z.number(),
  elapsedMs: z.number().describe('the sum over the stretches that count of their open time'),
  remainingMs: z.number(),
  pausedMs: z.number().describe('the sum over the paused stretches of their time on the wall'),
  pausedOpenMs: z.number(),
  dimensions,
  headline: z.string(),
  summary: z.string(),
  events: z.array(event),
  stretches: z.array(stretch).describe('without gaps, from the start to the end or to now'),
});

export const explainRoutes = defineRoutes<SlaCommands>((routes, door) => {
  const readStory = storyReader(door);
  routes.get(
    '/v1/clocks/:id/explain',
    {
      access: 'sla:read',
      summary: 'What happened to a promise, as data and in words',
      params: z.object({ id: identifier }),
      query: z.object({
        language: z.enum(languages).optional().describe('without it the best of Accept-Language, else English'),
      }),
      responses: { 200: told },
    },
    async ({ params: { id }, query, headers }) => {
      const story = await readStory(id);
      if (story === undefined) throw problem('unknown-id', `There is no clock ${id}`);
      const language = query.language ?? preferred(headers['accept-language']);
      return ok(shown(story, language), { 'content-language': language, vary: 'accept-language' });
    },
  );
});

function preferred(header: string | undefined): Language {
  const [best] = new Negotiator({ headers: { 'accept-language': header } }).languages([...languages]);
  return languages.find((language) => language === best) ?? 'en';
}

function shown(story: Story, language: Language): z.input<typeof told> {
  const { clock, events, stretches, ...rest } = story;
  const words = inWords(story, language);
  return {
    ...rest,
    clockId: clock.id,
    caseId: clock.caseId,
    policyId: clock.policyId,
    target: clock.target,
    status: clock.status,
    targetMs: clock.targetMs,
    language,
    dimensions: valuesOf(clock),
    headline: words.headline,
    summary: words.summary,
    events: events.map((one, n) => ({ ...one, text: words.events[n] ?? '' })),
    stretches: stretches.map((one, n) => ({ ...one, text: words.stretches[n] ?? '' })),
  };
}
