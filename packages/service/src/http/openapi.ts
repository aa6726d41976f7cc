/** OpenAPI 3.1 and its reference page, from the schemas that validate. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { scopes } from './scopes.ts';

export interface OpenApiOptions {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  readonly issuer: string | undefined;
}

/** Must be registered before the routes it describes. */
export async function installOpenApi(app: FastifyInstance, options: OpenApiOptions): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: options.title, version: options.version, description: options.description },
      components: { securitySchemes: securitySchemes(options.issuer) },
    },
    transform: withBytes,
    transformObject: (document) => withProblems(jsonSchemaTransformObject(document)),
  });
  await app.register(swaggerUi, { routePrefix: '/docs', uiConfig: { persistAuthorization: true } });
  app.route({
    method: 'GET',
    url: '/openapi.json',
    config: { access: 'public' },
    schema: { hide: true },
    handler: () => app.swagger(),
  });
}

function securitySchemes(issuer: string | undefined) {
  const description = Object.entries(scopes).map(([scope, meaning]) => `- \`${scope}\`: ${meaning}`);
  return {
    token: {
      type: 'http' as const,
      scheme: 'bearer',
      description: `A static key. Scopes:\n${description.join('\n')}`,
    },
    oidc: {
      type: 'openIdConnect' as const,
      openIdConnectUrl: `${issuer?.replace(/\/$/, '') ?? 'https://issuer.example'}/.well-known/openid-configuration`,
      description: 'A JWT of the issuer, with the scopes in the claim `scope`',
    },
  };
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Sent again with the same body, the first answer is given again',
  schema: { type: 'string', maxLength: 255 },
};

const isOperation = (member: unknown): member is { responses: object; parameters?: object[] } =>
  typeof member === 'object' && member !== null && 'responses' in member;

type Transform = NonNullable<Parameters<typeof jsonSchemaTransform>>[0];

/** A body of bytes has no schema that validates; here it is said what it is. */
function withBytes(document: Transform): ReturnType<typeof jsonSchemaTransform> {
  const transformed = jsonSchemaTransform(document);
  const consumes = document.route.config?.consumes;
  if (consumes === undefined) return transformed;
  const body = { type: 'string', description: 'The bytes as they are' };
  return { ...transformed, schema: { ...transformed.schema, consumes: [...consumes], body } };
}

type OpenApi = ReturnType<typeof jsonSchemaTransformObject>;

/** Every operation answers problems; saying so once here keeps it out of each route. */
function withProblems(document: OpenApi): OpenApi {
  if (!('paths' in document)) return document;
  const problem = {
    description: 'A problem (RFC 9457)',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  for (const path of Object.values(document.paths ?? {})) {
    for (const [method, operation] of Object.entries((path ?? {}) as object)) {
      if (!isOperation(operation)) continue;
      operation.responses = { ...operation.responses, '4XX': problem, '5XX': problem };
      if (method === 'post') operation.parameters = [...(operation.parameters ?? []), idempotencyKey];
    }
  }
  return document;
}
