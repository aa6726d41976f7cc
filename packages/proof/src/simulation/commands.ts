/** What the simulated service is asked to do. */

interface Entry {
  readonly id: string;
  /** Unique over the whole simulation. */
  readonly tag: string;
}

export type Commands = {
  open: Entry;
  /** From REST; an account that is not there is refused. */
  credit: Entry;
  /** From records; an account that is not there is waited for. */
  booking: Entry & { readonly spoilt?: 'throws' | 'rejects' | 'unstorable' };
  transfer: Entry & { readonly to: string };
  /** Finds the account by a name that is only looked at. */
  'credit-by-name': { readonly name: string; readonly tag: string };
  /** Changes an account that it only looked at. */
  remark: Entry;
  pledge: Entry & { readonly pledge: string; readonly afterMs: number };
  withdraw: Entry & { readonly pledge: string };
  'pledge-due': { readonly id: string; readonly pledge: string; readonly due: string };
  greeted: { readonly id: string };
  welcome: { readonly id: string };
};
