/** Forecasts of arrivals, for evaluations outside the service. */
export { errorOf } from './arrivals.ts';
export type { ForecastError, Week } from './arrivals.ts';
