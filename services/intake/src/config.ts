/** Intake's own settings. */
import { z } from 'zod';

export const settings = {
  /** ISO 3166 code: phone numbers without `+` are read as numbers of this country. */
  DEFAULT_REGION: z
    .string()
    .regex(/^[A-Z]{2}$/, 'is not a two-letter country code')
    .optional(),
  WHATSAPP_VERIFY_TOKEN: z.string().min(1).optional(),
  WHATSAPP_APP_SECRET: z.string().min(1).optional(),
  /** Off unless set. */
  SMTP_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  /** Largest mail, bytes. */
  MAIL_LIMIT: z.coerce.number().int().min(1024).default(26_214_400),
  /** Signs the reply addresses of mails; without it none is trusted. */
  REPLY_SECRET: z.string().min(16).optional(),
};
