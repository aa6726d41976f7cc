/** Who may import whom. Every rule has a fixture in `fixtures/imports` that breaks it, and a test that says so. */

const tests = String.raw`\.test\.ts$|/stub-[^/]*\.ts$|/testing/|/conformance/|^packages/(testing|stories|fleet|proof|bench)/|^packages/[^/]+/fixtures/|/bench/`;

/** A package of npm, wherever the package manager put it. */
const npm = (...names) =>
  names.flatMap((name) => [`(^|/)node_modules/(@types/)?${name}/`, `^${name}$`, `^${name}/`]).join('|');

/** One vendor, one owner: nobody else may know that it is there. */
const owned = (vendor, names, owners) => ({
  name: `${vendor}-has-one-owner`,
  comment: `${vendor} stays behind ${owners.join(', ')}.`,
  severity: 'error',
  from: { pathNot: [tests, ...owners] },
  to: { path: npm(...names) },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other at run time are one file, or three.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-unresolvable',
      comment: 'What is imported is declared and there.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'services-do-not-know-each-other',
      comment: 'Services talk through events.',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/([^/]+)/', pathNot: '^services/$1/' },
    },
    {
      name: 'packages-do-not-know-services',
      comment: "A package serves any service; only an evaluation runs a service's own model.",
      severity: 'error',
      from: { path: '^packages/', pathNot: '^packages/eval/' },
      to: { path: '^services/' },
    },
    {
      name: 'the-domain-is-pure',
      comment:
        'Decisions know their own folder, the vocabulary, time and rules; no door, no store, no vendor, no Node.',
      severity: 'error',
      from: { path: '^services/([^/]+)/src/domain/', pathNot: tests },
      to: {
        pathNot: [
          '^services/$1/src/domain/',
          '^packages/(calendar|rules|contracts|hallway)/src/index\\.ts$',
          // Pure as well: comparing values, reading phone numbers, the assignment problem.
          '^(node:)?util$',
          npm('libphonenumber-js', 'munkres'),
        ],
      },
    },
    {
      name: 'doors-do-not-write',
      comment:
        'Doors translate; what is kept changes through the hallway alone. They may ask the read-side queries, and name the tables of configuration.',
      severity: 'error',
      from: { path: '^services/([^/]+)/src/doors/', pathNot: tests },
      to: {
        path: '^services/$1/src/store/',
        pathNot: '^services/$1/src/store/([^/]*queries|reads|schema|configuration)\\.ts$',
      },
    },
    {
      name: 'the-store-knows-no-door',
      comment: 'The store serves whoever asks.',
      severity: 'error',
      from: { path: '^services/([^/]+)/src/store/', pathNot: tests },
      to: { path: '^services/$1/src/doors/' },
    },
    {
      name: 'the-hallway-is-bare',
      comment: 'The hallway knows no business and no driver.',
      severity: 'error',
      from: { path: '^packages/hallway/src/', pathNot: tests },
      to: {
        pathNot: [
          '^packages/(hallway|contracts)/src/',
          '^packages/bus/src/index\\.ts$',
          npm('@opentelemetry/api', 'uuid'),
          '^(node:)?(crypto|timers/promises|timers)$',
        ],
      },
    },
    {
      name: 'packages-are-entered-by-the-front-door',
      comment: 'Import a package by its name, not a file of it.',
      severity: 'error',
      from: { path: '^(packages|services)/([^/]+)/' },
      to: {
        path: '^packages/([^/]+)/src/',
        pathNot: '^$1/$2/',
        dependencyTypes: ['local'],
      },
    },
    {
      name: 'testing-is-for-tests',
      comment: 'What only tests need stays out of what runs.',
      severity: 'error',
      from: { pathNot: [tests, '^scripts/', '^packages/tooling/', '^vitest\\.config\\.ts$'] },
      to: { path: '^packages/testing/' },
    },
    owned('kafkajs', ['kafkajs'], ['^packages/bus/src/kafka']),
    owned('pg', ['pg'], ['^packages/service/src/database/', '^packages/bus/src/embedded', '^packages/launcher/src/']),
    owned(
      'fastify',
      ['fastify', '@fastify/[^/]+', 'fastify-type-provider-zod'],
      ['^packages/service/src/', '^services/[^/]+/src/doors/http/', '^packages/launcher/src/(gateway|start)/'],
    ),
    owned('undici', ['undici'], ['^packages/egress/src/']),
    owned(
      'opentelemetry-sdk',
      ['@opentelemetry/(sdk|exporter|resources|context)[^/]*'],
      ['^packages/service/src/telemetry'],
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['(^|/)(gen|bench)/', '^packages/[^/]+/fixtures/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.d.ts'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};
