/** Dimensions that an operator defines: what promises are told apart by in reports, beside those that are there. */
import type { Expression } from '@switchboard/rules';
import type { Asks } from '../policies/conditions.ts';
import type { Resource } from '../policies/state.ts';

export interface DimensionDefinition {
  /** CEL over case, contact and customer: a text, a number, true or false, or an instant. */
  readonly value: string;
  readonly description?: string | undefined;
}

export type DimensionState = Resource<DimensionDefinition>;

/** Those that are always there. */
export const builtInDimensions = [
  ...(['policy', 'target', 'team', 'priority', 'channel', 'product', 'reason', 'language'] as const),
  ...(['calendar', 'customer', 'customerTier'] as const),
] as const;
export type BuiltInDimension = (typeof builtInDimensions)[number];

export const isBuiltIn = (id: string): id is BuiltInDimension => builtInDimensions.some((known) => known === id);

/** Ready to be asked. */
export interface CompiledDimension {
  readonly id: string;
  /** Since when the rule is so (ISO 8601): a value that was taken by another rule stays what it was. */
  readonly since: string;
  /** Absent: this version of the service does not understand it. */
  readonly expression?: Expression<'case' | 'contact' | 'customer'> | undefined;
}

export interface Dimensions {
  readonly all: readonly CompiledDimension[];
  /** What of the facts is kept for them. */
  readonly asks: Asks;
}

/**
 * Why there is no value: `empty`, the expression yielded nothing; `failed`, it could not be decided; `unkept`, the facts
 * of the case are not known, for they are kept only since there are dimensions.
 */
export type Unknown = 'empty' | 'failed' | 'unkept';

/** What a promise was in a dimension. */
export type DimensionLabel = ({ readonly value: string } | { readonly why: Unknown }) & {
  /** Of which rule: its `since`. */
  readonly rule: string;
};

/** What readers see where there is no value. */
export const UNKNOWN = 'unknown';
