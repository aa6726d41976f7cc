/** OpenAPI 3.1 and its reference page, from the schemas that validate. */
import { STATUS_CODES } from 'node:http';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
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
    transformObject: (document) => withCommon(jsonSchemaTransformObject(document)),
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

/** Answers may grow: no reader is told that there is nothing more in them. */
const transform = createJsonSchemaTransform({
  zodToJsonConfig: {
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  },
});

type Transform = NonNullable<Parameters<typeof transform>>[0];

/** A body of bytes has no schema that validates; here it is said what it is. */
function withBytes(document: Transform): ReturnType<typeof transform> {
  const transformed = transform(document);
  const consumes = document.route.config?.consumes;
  if (consumes === undefined) return transformed;
  const body = { type: 'string', description: 'The bytes as they are' };
  return { ...transformed, schema: { ...transformed.schema, consumes: [...consumes], body } };
}

type OpenApi = ReturnType<typeof jsonSchemaTransformObject>;

/** What every operation has in common is said once, here, and not in each route. */
function withCommon(document: OpenApi): OpenApi {
  if (!('paths' in document)) return document;
  for (const path of Object.values(document.paths ?? {})) {
    for (const [method, operation] of Object.entries((path ?? {}) as Record<string, Operation>)) {
      for (const [status, response] of Object.entries(operation.responses)) {
        if (response.description === 'Default Response') response.description = STATUS_CODES[status] ?? status;
        if (status === '204') delete response.content;
      }
      operation.responses = { ...operation.responses, '4XX': problemResponse, '5XX': problemResponse };
      // Keys are kept by token: who comes without one, a provider with its webhook, has none.
      if (method === 'post' && operation.security?.length !== 0)
        operation.parameters = [...(operation.parameters ?? []), idempotencyKey];
      const fields = operation.requestBody?.content['application/json']?.schema;
      if (operation.requestBody !== undefined && fields !== undefined) {
        operation.requestBody.required = fields.required !== undefined;
        closeObjects(fields);
      }
    }
  }
  return document;
}

/** Bodies have no other fields than these (`unknown-fields.ts`); free keys and what is shared with answers stay open. */
function closeObjects(schema: unknown): void {
  if (typeof schema !== 'object' || schema === null) return;
  const shape = schema as Record<string, unknown>;
  const isOpen = shape['additionalProperties'] === undefined;
  if (shape['type'] === 'object' && typeof shape['properties'] === 'object' && isOpen)
    shape['additionalProperties'] = false;
  for (const inner of Object.values(shape)) closeObjects(inner);
}

/** As much of an operation as is touched here. */
interface Operation {
  responses: Record<string, { description: string; content?: object }>;
  parameters?: object[];
  readonly security?: readonly object[];
  readonly requestBody?: {
    required: boolean;
    readonly content: Readonly<Record<string, { readonly schema?: { readonly required?: readonly string[] } }>>;
  };
}

const problemResponse = {
  description: 'A problem (RFC 9457)',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Sent again with the same body, the first answer is given again',
  schema: { type: 'string', maxLength: 255 },
};
