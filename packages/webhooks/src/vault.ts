/** Secrets at rest: sealed by AES-256-GCM, each bound to its owner, with the id of the key beside it. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** Bytes of a key, a nonce and the tag that proves both text and owner. */
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const CIPHER = 'aes-256-gcm';
/** `v1:<key id>:<nonce>:<ciphertext and tag>`, the last two in base64url. No plain secret begins like this. */
const SEALED = /^v1:([\w-]+):([\w-]+):([\w-]+)$/;

export interface Vault {
  /** Whether what is stored from now on is sealed. */
  readonly seals: boolean;
  /** Seals a text, also one that an older key had sealed; where there is no key to seal it or to open it, it stays as it is. */
  seal(owner: string, text: string): string;
  /**
   * What was sealed for this owner; a text that is not sealed is its own answer.
   * @throws Error where none of the keys opens it
   */
  open(owner: string, stored: string): string;
  knows(keyId: string): boolean;
}

/** Why a text is no key; undefined where it is one. */
export function keyFault(text: string): string | undefined {
  const fits = /^[\w+/-]{43}=?$/.test(text) && Buffer.from(text, 'base64').length === KEY_BYTES;
  return fits ? undefined : `must be ${String(KEY_BYTES)} bytes in base64, as \`openssl rand -base64 32\` makes them`;
}

/** @param keys in base64; the first one seals, all of them open */
export function createVault(keys: readonly string[]): Vault {
  const ring = keys.map((text) => Buffer.from(text, 'base64')).map((key) => ({ id: keyIdOf(key), key }));
  const [newest] = ring;
  const keyOf = (id: string): Buffer | undefined => ring.find((one) => one.id === id)?.key;

  const open = (owner: string, stored: string): string => {
    const [, id = '', nonce = '', content = ''] = SEALED.exec(stored) ?? [];
    if (id === '') return stored;
    const key = keyOf(id);
    if (key === undefined) throw new Error(`no key with the id ${id}, by which a secret of ${owner} is sealed`);
    return decrypt({ key, owner, nonce: Buffer.from(nonce, 'base64url') }, Buffer.from(content, 'base64url'));
  };

  return {
    seals: newest !== undefined,
    open,
    knows: (keyId) => keyOf(keyId) !== undefined,
    seal(owner, text) {
      const by = sealedBy(text);
      const isDone = by !== undefined && (by === newest?.id || keyOf(by) === undefined);
      if (newest === undefined || isDone) return text;
      const nonce = randomBytes(NONCE_BYTES);
      const content = encrypt({ key: newest.key, owner, nonce }, open(owner, text));
      return `v1:${newest.id}:${nonce.toString('base64url')}:${content.toString('base64url')}`;
    },
  };
}

/** The id of the key that sealed a text; undefined where it is as it is. */
export function sealedBy(stored: string): string | undefined {
  return SEALED.exec(stored)?.[1];
}

/** Told by the key itself, so that nobody has to choose one, or gives one id to two keys. */
function keyIdOf(key: Buffer): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 8);
}

interface Terms {
  readonly key: Buffer;
  readonly nonce: Buffer;
  /** What was sealed for one owner opens for no other. */
  readonly owner: string;
}

function encrypt({ key, nonce, owner }: Terms, text: string): Buffer {
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(owner));
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** @throws Error where it was sealed by another key or for another owner, or was changed since */
function decrypt({ key, nonce, owner }: Terms, content: Buffer): string {
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(owner));
  decipher.setAuthTag(content.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(content.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
}
