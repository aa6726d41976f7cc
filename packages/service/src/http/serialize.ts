/** Answers leave through their schemas: what a schema does not name stays inside. */
import { withoutBounds } from '@switchboard/contracts';
import type { FastifySerializerCompiler } from 'fastify';
import type { z } from 'zod';

/**
 * Parses instead of encoding: a body schema that normalises what comes in (an empty text becomes an absent one) also
 * describes what goes out, and zod cannot run such a transform backwards. On what was normalised before it changes
 * nothing.
 */
export const serializerCompiler: FastifySerializerCompiler<z.ZodType> = ({ schema }) => {
  return (data) => JSON.stringify(withoutBounds(() => schema.parse(data)));
};
