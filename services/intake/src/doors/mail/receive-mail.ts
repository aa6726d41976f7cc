/** A mail's way in, whichever protocol brought it: read, then the same command as every other contact. */
import { toReceiveContact, type ReceiveContact } from '../to-receive-contact.ts';
import { readMail, type MailRefusal } from './read-mail.ts';

export interface MailSettings {
  /** Trusts reply addresses signed with it. */
  readonly replySecret: string | undefined;
  /** Bytes. */
  readonly limit: number;
}

export interface RefusedMail {
  readonly refused: MailRefusal;
  readonly reason: string;
}

/** The natural key is (mailbox, Message-ID); what comes again with another content is recorded, the first one wins. */
export async function mailToCommand(
  raw: Buffer,
  mailbox: string | undefined,
  { replySecret, limit }: MailSettings,
): Promise<ReceiveContact | RefusedMail> {
  const mail = await readMail({ raw, mailbox, replySecret, limit });
  if ('refused' in mail) return { refused: mail.refused, reason: mail.reason };
  const { contact, files, thread } = mail;
  const command = toReceiveContact(contact, {
    defaultRegion: undefined,
    refuseDifference: false,
    sent: [contact, files],
    thread,
    files,
  });
  if ('errors' in command) {
    return { refused: 'invalid-sender', reason: command.errors.map(({ reason }) => reason).join('; ') };
  }
  return command;
}
