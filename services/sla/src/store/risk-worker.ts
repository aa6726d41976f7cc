/** Learns in a thread of its own: pages of lessons come in, models go out. */
import { parentPort } from 'node:worker_threads';
import { endedOf } from '../domain/risk/lesson.ts';
import type { Lesson } from '../domain/risk/lesson.ts';
import { fitModel } from '../domain/risk/fit.ts';
import type { FitReply, FitRequest } from './risk-fitting.ts';

/** Kinds of promises that are learned, those with most lessons first. */
const MOST_KINDS = 20;

const byKind = new Map<string, Lesson[]>();

parentPort?.on('message', (request: FitRequest) => {
  if (request.kind === 'lessons') {
    for (const lesson of request.lessons) {
      const own = byKind.get(lesson.key);
      if (own === undefined) byKind.set(lesson.key, [lesson]);
      else own.push(lesson);
    }
    return;
  }
  const kinds = [...byKind].sort(([, a], [, b]) => b.length - a.length).slice(0, MOST_KINDS);
  const reply: FitReply = kinds.map(([id, lessons]) => ({ id, fitted: fitModel(endedOf(lessons), request) }));
  parentPort?.postMessage(reply);
});
