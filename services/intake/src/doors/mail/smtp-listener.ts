/** Mails by SMTP. A mail is acknowledged when it is durable; what is refused for good says why. */
import type { Readable } from 'node:stream';
import type { Door, Extra } from '@switchboard/service';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { IntakeCommands } from '../../domain/commands.ts';
import { mailToCommand, type MailSettings } from './receive-mail.ts';

export interface SmtpSettings extends MailSettings {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/** An SMTP reply with its code. */
class SmtpError extends Error {
  override readonly name = 'SmtpError';
  readonly responseCode: number;
  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

export function smtpListener(door: Door<IntakeCommands>, settings: SmtpSettings): Extra & { port(): number } {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: settings.limit,
    disableReverseLookup: true,
    logger: false,
    socketTimeout: 60_000,
    maxClients: 100,
    onData(stream, session, done) {
      receive(door, settings, { stream, session }).then(() => {
        done();
      }, done);
    },
  });
  server.on('error', (error) => {
    door.logger.warn({ err: error }, 'an SMTP connection failed');
  });
  return {
    name: 'smtp',
    start: () =>
      new Promise((resolve, reject) => {
        server.server.once('error', reject);
        server.listen(settings.port, settings.host, () => {
          server.server.off('error', reject);
          resolve();
        });
      }),
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
      }),
    port() {
      const address = server.server.address();
      return address !== null && typeof address === 'object' ? address.port : 0;
    },
  };
}

async function receive(
  door: Door<IntakeCommands>,
  settings: SmtpSettings,
  { stream, session }: { stream: SMTPServerDataStream; session: SMTPServerSession },
): Promise<void> {
  const raw = await readAll(stream, settings.limit);
  if (raw === undefined || stream.sizeExceeded) {
    throw new SmtpError(552, `The mail is larger than ${String(settings.limit)} bytes`);
  }
  // One natural key each: a mailbox that has it already says so, and a sender that tries again loses nothing.
  for (const recipient of session.envelope.rcptTo)
    await receiveFor(door, settings, { raw, mailbox: recipient.address });
}

async function receiveFor(
  door: Door<IntakeCommands>,
  settings: SmtpSettings,
  { raw, mailbox }: { raw: Buffer; mailbox: string },
): Promise<void> {
  const command = await mailToCommand(raw, mailbox, settings);
  if ('refused' in command) throw new SmtpError(554, `${command.refused}: ${command.reason}`);
  const outcome = await door.send(command);
  if (outcome.outcome === 'done') return;
  const retry = outcome.outcome === 'unavailable';
  const why = outcome.outcome === 'rejected' ? outcome.rejection.detail : outcome.outcome;
  throw new SmtpError(retry ? 451 : 554, `Not accepted: ${why}`);
}

/** Reads to the end, keeping no more than the limit. */
async function readAll(stream: Readable, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  }
  return size > limit ? undefined : Buffer.concat(chunks);
}
