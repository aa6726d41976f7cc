/** Everything that is said, by language. */
import type { Language } from './customers.ts';
import { de } from './texts/de.ts';
import { en } from './texts/en.ts';
import { es } from './texts/es.ts';
import { fr } from './texts/fr.ts';
import type { Phrases } from './texts/language.ts';
import { tr } from './texts/tr.ts';

export const phrases: Readonly<Record<Language, Phrases>> = { de, en, fr, es, tr };

/** The phrases of a language tag; English for what is not spoken here. */
export function phrasesOf(tag: string): Phrases {
  const language = tag.slice(0, 2);
  return Object.hasOwn(phrases, language) ? phrases[language as Language] : en;
}
