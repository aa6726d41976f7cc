/** One expression language (CEL) for every condition of the configuration. */
export { examplesFor } from './examples.ts';
export type { Examples } from './examples.ts';
export { bind, compile, compileTo, costOf, createLanguage, evaluate, evaluateTo, MAX_LENGTH } from './language.ts';
export type { Bound, Compiled, Expression, Language, Problem, ResultType, Verdict } from './language.ts';
export {
  agentLanguage,
  calendarLanguage,
  eligibilityLanguage,
  eventLanguage,
  figuresLanguage,
  ladderLanguage,
  matchLanguage,
  planLanguage,
  requirementsLanguage,
  triggerLanguage,
} from './languages.ts';
export { mentions } from './mentions.ts';
export type { Mention } from './mentions.ts';
export type { Facts, Fields, FieldType, Shape, Variables } from './shapes.ts';
