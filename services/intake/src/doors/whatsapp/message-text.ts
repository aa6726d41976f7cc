/** What a message of any kind says, in words that an agent reads and a rule matches. */
import { at, isPiece, listAt, textAt } from './pieces.ts';
import type { Piece } from './pieces.ts';

const lines = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n');

const media =
  (kind: string) =>
  (message: Piece): string => {
    const file = textAt(message, kind, 'filename');
    return textAt(message, kind, 'caption') || (file === '' ? `[${kind}]` : `[${kind}: ${file}]`);
  };

/** A form's answers; its token is nobody's business. */
function formText(reply: unknown): string {
  let answers: unknown;
  try {
    answers = JSON.parse(textAt(reply, 'response_json'));
  } catch {
    answers = undefined;
  }
  if (!isPiece(answers)) return textAt(reply, 'body');
  const named = Object.entries(answers).filter(([name]) => name !== 'flow_token');
  return lines(
    ...named.map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`),
  );
}

const answer = (reply: unknown): string => lines(textAt(reply, 'title'), textAt(reply, 'description'));

/** Answers to buttons, lists, forms and requests. */
function interactiveText(message: Piece): string {
  const type = textAt(message, 'interactive', 'type');
  const reply = at(message, 'interactive', type);
  if (type === 'nfm_reply') return formText(reply);
  if (type === 'call_permission_reply') return `[call permission: ${textAt(reply, 'response')}]`;
  return answer(reply);
}

function locationText(message: Piece): string {
  const part = (name: string): string => textAt(message, 'location', name);
  return lines(part('name'), part('address'), `${part('latitude')}, ${part('longitude')}`, part('url'));
}

function contactsText(message: Piece): string {
  const cards = listAt(message, 'contacts').map((card) => {
    const phones = listAt(card, 'phones').map((phone) => textAt(phone, 'phone'));
    return [textAt(card, 'name', 'formatted_name'), phones.join(', ')].filter((part) => part !== '').join(': ');
  });
  return lines(...cards);
}

function orderText(message: Piece): string {
  const items = listAt(message, 'order', 'product_items').map((item) => {
    const price = `${textAt(item, 'item_price')} ${textAt(item, 'currency')}`.trim();
    return `${textAt(item, 'quantity')} x ${textAt(item, 'product_retailer_id')}${price === '' ? '' : ` (${price})`}`;
  });
  return lines(textAt(message, 'order', 'text'), ...items);
}

function unsupportedText(message: Piece): string {
  const [error] = listAt(message, 'errors');
  const kind = textAt(message, 'unsupported', 'type') || textAt(error, 'title');
  return kind === '' ? '' : `[unsupported: ${kind}]`;
}

const TEXTS: Readonly<Record<string, (message: Piece) => string>> = {
  text: (message) => textAt(message, 'text', 'body'),
  button: (message) => textAt(message, 'button', 'text'),
  image: media('image'),
  video: media('video'),
  document: media('document'),
  sticker: media('sticker'),
  audio: (message) => (at(message, 'audio', 'voice') === true ? '[voice message]' : '[audio]'),
  reaction: (message) => textAt(message, 'reaction', 'emoji') || '[reaction removed]',
  interactive: interactiveText,
  location: locationText,
  contacts: contactsText,
  order: orderText,
  unsupported: unsupportedText,
};

/** The text of a message; its kind in brackets where there are no words, or nobody knows the kind. */
export function messageText(message: Piece): string {
  const type = textAt(message, 'type');
  const text = Object.hasOwn(TEXTS, type) ? TEXTS[type]?.(message) : undefined;
  return text === undefined || text === '' ? `[${type || 'message'}]` : text;
}
