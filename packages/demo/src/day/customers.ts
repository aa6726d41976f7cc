/** The company's customers: always the same people. The seed of a day decides which of them it is about, and what they do. */
import { createChance } from '../chance.ts';
import type { Chance } from '../chance.ts';
import type { HomeLineId, MobilePlanId } from '../company/products.ts';

export const languages = ['de', 'en', 'fr', 'es', 'tr'] as const;
export type Language = (typeof languages)[number];

export interface Customer {
  readonly number: number;
  readonly name: string;
  readonly language: Language;
  /** E.164, from the ranges that are kept free for films and plays. */
  readonly phone: string;
  readonly email: string;
  /** The account on the company's web site. */
  readonly user: string;
  readonly city: string;
  readonly tier: 'basic' | 'silver' | 'gold';
  readonly mobile?: MobilePlanId;
  readonly home?: HomeLineId;
  /** Of mobile data, a week. */
  readonly dataGb: number;
  /** At home, a week. */
  readonly homeGb: number;
  readonly marketing: boolean;
  /** How open to something new, 0 to 1. Nobody but the customer knows. */
  readonly appetite: number;
}

/** As many as there are numbers kept free. */
export const MOST_CUSTOMERS = 2000;

const people: Readonly<Record<Language, { readonly first: Names; readonly last: Names }>> = {
  de: {
    first: ['Lena', 'Felix', 'Johanna', 'Moritz', 'Clara', 'Emil', 'Ida', 'Anton', 'Marlene', 'Theo'],
    last: ['Vogel', 'Brandt', 'Sommer', 'Kessler', 'Lorenz', 'Albrecht', 'Winter', 'Seidel', 'Thiele', 'Ebert'],
  },
  en: {
    first: ['Grace', 'Harry', 'Amelia', 'Noah', 'Ruby', 'Callum', 'Zadie', 'Owen', 'Isla', 'Reuben'],
    last: ['Walsh', 'Okafor', 'Turner', 'Bennett', 'Sharma', 'Doyle', 'Mercer', 'Lowe', 'Pratt', 'Hughes'],
  },
  fr: {
    first: ['Manon', 'Hugo', 'Chloe', 'Bastien', 'Ines', 'Remi', 'Salome', 'Yanis', 'Elodie', 'Marius'],
    last: ['Lefevre', 'Garnier', 'Roussel', 'Diallo', 'Perrin', 'Marchand', 'Colin', 'Picard', 'Benali', 'Renaud'],
  },
  es: {
    first: ['Lucia', 'Diego', 'Valeria', 'Hector', 'Noa', 'Adrian', 'Marta', 'Bruno', 'Alba', 'Gael'],
    last: ['Serrano', 'Ibarra', 'Molina', 'Campos', 'Vidal', 'Rojas', 'Prieto', 'Nieto', 'Fuentes', 'Cano'],
  },
  tr: {
    first: ['Defne', 'Emre', 'Zeynep', 'Kerem', 'Asya', 'Baris', 'Nehir', 'Onur', 'Selin', 'Deniz'],
    last: ['Kaya', 'Arslan', 'Polat', 'Aksoy', 'Tekin', 'Ucar', 'Bulut', 'Sezer', 'Duman', 'Koc'],
  },
};

type Names = readonly [string, ...string[]];

const cities = ['Bremen', 'Leipzig', 'Freiburg', 'Kassel', 'Rostock', 'Trier', 'Ulm', 'Potsdam'] as const;

/** So many customers. On another day (seed) mostly others, since who was asked yesterday is not asked again. */
export function customersOf(count: number, seed: number): readonly [Customer, ...Customer[]] {
  const first = (seed * 977) % MOST_CUSTOMERS;
  const others = Array.from({ length: Math.min(count, MOST_CUSTOMERS) - 1 }, (_, at) =>
    customer((first + 1 + at) % MOST_CUSTOMERS),
  );
  return [customer(first), ...others];
}

function customer(number: number): Customer {
  const chance = createChance(0, `customer ${String(number)}`);
  const language = chance.weighted({ de: 50, en: 18, fr: 10, es: 10, tr: 12 });
  const name = `${chance.pick(people[language].first)} ${chance.pick(people[language].last)}`;
  const handle = `${name.toLowerCase().replace(' ', '.')}.${String(number)}`;
  return {
    number,
    name,
    language,
    phone: phoneOf(number),
    email: `${handle}@example.com`,
    user: handle,
    city: chance.pick(cities),
    tier: chance.weighted({ basic: 70, silver: 20, gold: 10 }),
    ...owned(chance),
    dataGb: Math.round(chance.between(1, 16) * 10) / 10,
    homeGb: Math.round(chance.between(40, 600)),
    marketing: chance.happens(0.8),
    appetite: chance.share(),
  };
}

/** Everybody has something. */
function owned(chance: Chance): Pick<Customer, 'mobile' | 'home'> {
  const kind = chance.weighted({ mobile: 40, home: 20, both: 40 });
  const mobile = chance.weighted({ 'mobile-s': 40, 'mobile-m': 40, 'mobile-l': 20 });
  const home = chance.weighted({ 'dsl-50': 45, 'fibre-250': 40, 'fibre-1000': 15 });
  return { ...(kind === 'home' ? {} : { mobile }), ...(kind === 'mobile' ? {} : { home }) };
}

/** A thousand numbers of Berlin and a thousand British mobiles are never given to anybody. */
function phoneOf(number: number): string {
  const last = String(number % 1000).padStart(3, '0');
  return number < 1000 ? `+493023125${last}` : `+447700900${last}`;
}
