/** A customer: how one begins, and how others see it. */
import type { EventData } from '@switchboard/contracts';
import type { CustomerState, FreeJson, OpenCase } from './state.ts';
import { usageView } from './usage.ts';
import type { UsageView } from './usage.ts';

export type CustomerSnapshot = EventData<'switchboard.customer360.v1.ProfileCreated'>['customer'];

/** The customer as REST shows it, and as rules see it under the name `profile`. */
export interface CustomerView {
  readonly id: string;
  readonly version: number;
  readonly contactPoints: readonly string[];
  readonly name?: string;
  readonly languages: readonly string[];
  readonly tier?: string;
  readonly products: readonly { readonly id: string; readonly attributes: FreeJson }[];
  readonly preferences: Readonly<Record<string, string>>;
  readonly consents: readonly {
    readonly purpose: string;
    readonly status: string;
    readonly until?: string;
    readonly at: string;
  }[];
  readonly segments: readonly string[];
  readonly openCases: number;
  readonly openComplaints: number;
  readonly usage: Readonly<Record<string, UsageView>>;
  readonly purchases: {
    readonly count: number;
    readonly spend: Readonly<Record<string, number>>;
    readonly lastProduct?: string;
    readonly lastAt?: string;
  };
  readonly mergedIds: readonly string[];
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A customer nobody knew; its first event makes it version 1. */
export function newCustomer(id: string, now: string): CustomerState {
  return {
    id,
    version: 0,
    contactPoints: [],
    languages: [],
    products: [],
    preferences: [],
    consents: [],
    segments: [],
    openCases: [],
    usage: [],
    purchases: { count: 0, spend: {} },
    createdAt: now,
    updatedAt: now,
    mergedIds: [],
  };
}

const countComplaints = (open: readonly OpenCase[]): number => open.filter(({ complaint }) => complaint).length;

const preferencesOf = ({ preferences }: CustomerState): Readonly<Record<string, string>> =>
  Object.fromEntries(preferences.map(({ name, value }) => [name, value]));

export function snapshotOf(state: CustomerState): CustomerSnapshot {
  return {
    id: state.id,
    version: state.version,
    contactPoints: state.contactPoints,
    name: state.name,
    languages: state.languages,
    tier: state.tier,
    products: state.products.map(({ id, attributes }) => ({ id, attributes })),
    preferences: preferencesOf(state),
    consents: state.consents.map(({ purpose, status, until, at }) => ({ purpose, status, until, at })),
    segments: state.segments,
    openCases: state.openCases.length,
    openComplaints: countComplaints(state.openCases),
  };
}

export function viewOf(state: CustomerState, now: string): CustomerView {
  const { lastProduct, lastAt, count, spend } = state.purchases;
  return {
    id: state.id,
    version: state.version,
    contactPoints: state.contactPoints,
    ...(state.name === undefined ? {} : { name: state.name }),
    languages: state.languages,
    ...(state.tier === undefined ? {} : { tier: state.tier }),
    products: state.products.map(({ id, attributes }) => ({ id, attributes })),
    preferences: preferencesOf(state),
    consents: state.consents.map(({ purpose, status, until, at }) => ({
      purpose,
      status,
      ...(until === undefined ? {} : { until }),
      at,
    })),
    segments: state.segments,
    openCases: state.openCases.length,
    openComplaints: countComplaints(state.openCases),
    usage: usageView(state.usage, now),
    purchases: {
      count,
      spend,
      ...(lastProduct === undefined ? {} : { lastProduct }),
      ...(lastAt === undefined ? {} : { lastAt }),
    },
    mergedIds: state.mergedIds,
    createdAt: state.createdAt,
    updatedAt: state.updatedAt,
  };
}
