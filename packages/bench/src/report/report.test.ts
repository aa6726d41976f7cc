import { describe, expect, it } from 'vitest';
import { createHistogram } from './histogram.ts';
import { jsonReport } from './json.ts';
import { distributionPicture } from './svg.ts';
import { tableReport } from './table.ts';
import type { ScenarioResult } from '../scenario.ts';

function latencies(): ReturnType<typeof createHistogram> {
  const latency = createHistogram();
  for (let ms = 1; ms <= 1000; ms += 1) latency.record(ms);
  return latency;
}

const result: ScenarioResult = {
  offeredPerS: 1000,
  achievedPerS: 999.96,
  latency: latencies(),
  lost: 0,
  duplicated: 2,
  floorPerS: 2000,
  processes: [
    { name: 'intake', role: 'service', cpuPercent: 20, rssMb: 100 },
    { name: 'sla', role: 'service', cpuPercent: 10.04, rssMb: 50 },
    { name: 'PostgreSQL', role: 'database', cpuPercent: 60, rssMb: 900 },
  ],
  facts: [['payload', '600 bytes']],
};

describe('a histogram', () => {
  it('keeps three digits, from microseconds on', () => {
    const latency = latencies();
    latency.record(0.004);
    latency.record(-3);
    expect(latency.count).toBe(1002);
    expect(latency.percentile(50)).toBeCloseTo(500, -1);
    expect(latency.percentile(99)).toBeCloseTo(990, -1);
    expect(latency.maxMs).toBeCloseTo(1000, -1);
    expect(latency.percentile(0.15)).toBeLessThan(0.01);
  });

  it('adds up', () => {
    const all = createHistogram();
    all.add(latencies());
    all.add(latencies());
    expect(all.count).toBe(2000);
  });

  it('shows the tail as densely as the rest', () => {
    const points = latencies().distribution();
    expect(points[0]?.percentile).toBe(0);
    expect(points.filter(({ percentile }) => percentile > 99).length).toBeGreaterThan(20);
    expect(points.at(-1)).toEqual({ percentile: 100, ms: expect.closeTo(1000, -1) as number });
  });
});

describe('the report', () => {
  it('has the agreed keys in JSON, whatever was measured', () => {
    const keys =
      'scenario offeredPerS achievedPerS p50Ms p99Ms maxMs lost duplicated floorPerS ratioToFloor cpuPercent rssMb';
    expect(Object.keys(jsonReport('journey', result))).toEqual(keys.split(' '));
    expect(jsonReport('journey', result)).toMatchObject({
      offeredPerS: 1000,
      achievedPerS: 1000,
      lost: 0,
      duplicated: 2,
      ratioToFloor: 0.5,
      cpuPercent: 30,
      rssMb: 150,
    });
    expect(Object.keys(jsonReport('idle', { processes: [], facts: [] }))).toEqual(keys.split(' '));
    expect(jsonReport('idle', { processes: [], facts: [] })).toMatchObject({ p99Ms: null, ratioToFloor: null });
  });

  it('shows people the same, and every process', () => {
    const table = tableReport('journey', result);
    expect(table).toMatch(/offered +1,000\/s/u);
    expect(table).toMatch(/floor +2,000\/s, ratio 0.5/u);
    expect(table).toMatch(/p50 50\d ms .* p99 99\d ms/u);
    expect(table).toMatch(/payload +600 bytes/u);
    expect(table).toMatch(/PostgreSQL +60.0 % +900 MB/u);
    expect(table).toMatch(/all of service +30.0 % +150 MB/u);
  });

  it('draws the distribution', () => {
    const picture = distributionPicture({ title: 'a < b', lines: [{ name: 'journey', latency: latencies() }] });
    expect(picture).toContain('a &lt; b');
    expect(picture).toContain('>99.9 %<');
    expect(/points="(?<points>[^"]+)"/u.exec(picture)?.groups?.['points']?.split(' ').length).toBeGreaterThan(50);
    expect(picture).not.toMatch(/NaN|Infinity|undefined/u);
  });
});
