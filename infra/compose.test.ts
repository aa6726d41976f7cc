import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { gatewaySettings, provisionSettings } from '../packages/launcher/src/main/settings.ts';
import { roleName, SERVICES } from '@switchboard/launcher';
import { baseSettings } from '../packages/service/src/config.ts';

interface Container {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly volumes?: readonly string[];
  readonly command?: readonly string[];
  /** Container -> condition, or a list of containers, whose keys are their places. */
  readonly depends_on?: Readonly<Record<string, string | { readonly condition: string }>>;
  readonly healthcheck?: { readonly disable?: boolean };
}

const root = path.dirname(import.meta.dirname);
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  readonly services: Readonly<Record<string, Container>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const containers = Object.entries(compose.services);
const names = SERVICES.map(({ name }) => name);
const dockerfile = read('infra/Dockerfile');

/** Set in the image for all; SERVICE chooses what runs. */
const ofTheImage = ['SERVICE', 'NODE_ENV', 'HOST', 'PORT'];

/** Container -> condition; a plain list means: as soon as it was started. */
function needs({ depends_on: needed = {} }: Container): [string, string][] {
  return Object.entries(needed).map(([key, value]) =>
    typeof value === 'string' ? [value, 'service_started'] : [key, value.condition],
  );
}

async function knownSettings(container: string): Promise<string[]> {
  if (container === 'provision') return Object.keys(provisionSettings.shape);
  if (container === 'gateway') return Object.keys(gatewaySettings.shape);
  // What config.ts exports is the service's own settings, by whatever name.
  const own = (await import(`../services/${container}/src/config.ts`)) as Record<string, Record<string, unknown>>;
  return [...Object.keys(baseSettings.shape), ...Object.values(own).flatMap((settings) => Object.keys(settings))];
}

describe('docker-compose.yml', () => {
  it('starts Kafka, PostgreSQL, the five services, the gateway and what prepares the database', () => {
    expect(Object.keys(compose.services).sort()).toEqual(
      ['gateway', 'kafka', 'postgres', 'provision', ...names].sort(),
    );
  });

  it.each(['provision', 'gateway', ...names])('gives %s only settings that it knows', async (name) => {
    const given = Object.keys(compose.services[name]?.environment ?? {});
    const known = [...(await knownSettings(name)), ...ofTheImage];
    expect(given.filter((setting) => !known.includes(setting))).toEqual([]);
  });

  it.each(names)('gives %s the role and the name it has', (name) => {
    const environment = compose.services[name]?.environment ?? {};
    expect(environment.SERVICE).toBe(name);
    expect(new URL(String(environment.DATABASE_URL)).username).toBe(roleName(name));
  });

  it('gives the gateway every service where it listens', () => {
    const { environment = {} } = compose.services.gateway ?? {};
    const port = /PORT=(\d+)/u.exec(dockerfile)?.[1] ?? '';
    for (const name of names) expect(Object.values(environment)).toContain(`http://${name}:${port}`);
  });

  it('names only containers, volumes and files that are there', () => {
    for (const [, container] of containers) {
      const { volumes = [], command = [], build } = container;
      for (const [name] of needs(container)) expect(compose.services).toHaveProperty(name);
      for (const volume of volumes) expect(compose.volumes).toHaveProperty(volume.split(':')[0] ?? '');
      const script = command[0] === 'node' ? command[1] : undefined;
      if (script !== undefined) expect(existsSync(path.join(root, script))).toBe(true);
      if (build !== undefined) expect(existsSync(path.join(root, build.context, build.dockerfile))).toBe(true);
    }
  });

  it('waits only for containers that can say that they are healthy', () => {
    for (const [name, condition] of containers.flatMap(([, container]) => needs(container))) {
      if (condition === 'service_healthy') expect(compose.services[name]?.healthcheck?.disable ?? false).toBe(false);
    }
  });

  it('pins every image to a version', () => {
    for (const [, { image }] of containers) expect(image).toMatch(/^switchboard$|:\d/u);
  });
});

describe('the image', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+)$/gmu)].flatMap(([, paths = '']) =>
    paths.split(' ').slice(0, -1),
  );

  it('copies files that are there and that reach the build', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'));
    expect(copied.length).toBeGreaterThan(5);
    for (const file of copied) {
      expect(existsSync(path.join(root, file))).toBe(true);
      expect(allowed).toContain(`!${file}`);
    }
  });

  it('keeps tests and what is installed here out', () => {
    const ignored = read('.dockerignore').split('\n');
    expect(ignored[0]).toBe('*');
    expect(ignored).toEqual(expect.arrayContaining(['**/node_modules', '**/*.test.ts']));
  });

  it('can start every service by its name, on the Node and the pnpm that the checkout uses', () => {
    for (const name of readdirSync(path.join(root, 'services'))) {
      expect(existsSync(path.join(root, 'services', name, 'src/main.ts'))).toBe(true);
    }
    const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: { node: string } };
    expect(dockerfile).toContain(`FROM node:${devDependencies.node.split('.').slice(0, 2).join('.')}-slim`);
    expect(read('scripts/bootstrap.mjs')).toContain(`'${/pnpm@[\d.]+/u.exec(dockerfile)?.[0] ?? ''}'`);
  });

  it('does not run as root', () => {
    expect(dockerfile).toMatch(/^USER node$/mu);
  });
});
