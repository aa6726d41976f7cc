/** Every fault there is, and mixtures of them. */
import type { Chance } from '../chance.ts';
import type { Fault } from './fault.ts';
import { networkFaults } from './network.ts';
import { processFaults } from './processes.ts';
import { recordFaults } from './records.ts';
import { resourceFaults } from './resources.ts';

export const allFaults: readonly Fault[] = [...processFaults, ...networkFaults, ...recordFaults, ...resourceFaults];

export function faultsFor(bus: 'kafka' | 'embedded'): Fault[] {
  return allFaults.filter(({ only }) => only === undefined || only === bus);
}

/** Some faults one after the other, drawn by chance. */
export function mixture(bus: 'kafka' | 'embedded', count: number, chance: Chance): Fault[] {
  return Array.from({ length: count }, () => chance.pick(faultsFor(bus)));
}

/** @throws when there is none of that name */
export function faultNamed(name: string): Fault {
  const fault = allFaults.find((one) => one.name === name);
  if (fault === undefined)
    throw new Error(`there is no fault "${name}", but ${allFaults.map((one) => one.name).join(', ')}`);
  return fault;
}
