/** Loaded with `node --import <this file>?ms=<shift>`: this process's clock is wrong by so much. */
const shift = Number(new URL(import.meta.url).searchParams.get('ms'));

const Real = Date;

globalThis.Date = new Proxy(Real, {
  construct: (target, args: unknown[], self: new () => Date) =>
    Reflect.construct(target, args.length === 0 ? [Real.now() + shift] : args, self) as Date,
  apply: () => new Real(Real.now() + shift).toString(),
  get: (target, name, self) =>
    name === 'now' ? () => Real.now() + shift : (Reflect.get(target, name, self) as unknown),
});
