/** One service that is called over HTTP, alone on the machine. */
import type { ServiceName } from '@switchboard/launcher';
import { openHouse, type House } from '../../house/house.ts';
import { openCaller, type HttpCaller } from '../../load/http-calls.ts';
import type { ScenarioContext, ScenarioResult } from '../../scenario.ts';
import { runCalls, type CallPhase, type CallPlan } from './phase.ts';

export interface CallStage {
  readonly context: ScenarioContext;
  readonly house: House;
  readonly caller: HttpCaller;
}

export interface CallStageOptions {
  readonly service: ServiceName;
  readonly connections: number;
}

/** Starts the service, measures, and stops it in any case. */
export async function onCallStage(
  context: ScenarioContext,
  { service, connections }: CallStageOptions,
  measure: (stage: CallStage) => Promise<ScenarioResult>,
): Promise<ScenarioResult> {
  const house = await openHouse(context, { services: [service] });
  const [replica] = house.fleet.of(service);
  const caller = openCaller({ url: replica?.url ?? '', token: house.fleet.token, connections });
  try {
    return await measure({ context, house, caller });
  } finally {
    await caller.close();
    await house.stop();
  }
}

/** Half the rate to warm up, then the stretch that counts. `call` is told which of the two it belongs to. */
export async function runSteady(
  stage: CallStage,
  ratePerS: number,
  call: (index: number, phase: string) => ReturnType<CallPlan['call']>,
): Promise<CallPhase> {
  const { seconds, warmUpSeconds } = stage.context.options;
  const run = (name: string, rate: number, length: number): Promise<CallPhase> =>
    runCalls(stage, { name, ratePerS: rate, seconds: length, call: (index) => call(index, name) });
  await run('warmup', ratePerS / 2, Math.max(1, warmUpSeconds));
  return run('steady', ratePerS, seconds);
}
