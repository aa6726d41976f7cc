import type { z } from 'zod';

/** One refused field, as problems and dead letters name it. */
export interface FieldError {
  /** Dotted path, as in `from.address` or `attachments.0.url`; empty for the whole body. */
  readonly field: string;
  readonly reason: string;
}

/** What zod found, as `[{field, reason}]`, at most 20 of them. */
export function fieldErrors(error: z.core.$ZodError): FieldError[] {
  return error.issues.slice(0, 20).map((issue) => ({
    field: issue.path.map(String).join('.').slice(0, 200),
    reason: reasonOf(issue).slice(0, 300),
  }));
}

function reasonOf({ code, message }: z.core.$ZodIssue): string {
  return code === 'invalid_type' && message.endsWith('received undefined') ? 'is missing' : message;
}
