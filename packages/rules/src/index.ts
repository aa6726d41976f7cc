/** One expression language (CEL) for every condition of the configuration. */
export { bind, compile, createLanguage, evaluate, MAX_LENGTH } from './language.ts';
export type { Bound, Compiled, Expression, Language, Problem, Verdict } from './language.ts';
export { eligibilityLanguage, matchLanguage, requirementsLanguage, triggerLanguage } from './languages.ts';
export type { Facts, Fields, FieldType, Shape, Variables } from './shapes.ts';
