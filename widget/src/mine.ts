/** How the member is insured, as they said it or the portal did: kept in memory for the visit, in the address if they wish. */

export interface Mine {
  /** A code of the service's plans; empty: not said. */
  readonly plan: string;
  /** The country of duty, ISO 3166-1 alpha-2; empty: not said. */
  readonly duty: string;
  /** The day of the visit, ISO 8601; empty: not said. */
  readonly on: string;
  /** Whether the page's address has it. */
  readonly kept: boolean;
}

export const NOBODY: Mine = { plan: '', duty: '', on: '', kept: false };

/** Whether an area can be known: that of a plan and a country of duty. */
export function hasArea({ plan, duty }: Mine): boolean {
  return Boolean(plan && duty);
}

/** In the interface's parameters. */
export function mineParams({ plan, duty, on }: Mine): Record<string, string> {
  if (!plan) return {};
  return { plan, ...(duty ? { duty } : {}), ...(on ? { on } : {}) };
}

/** From words of an address, which are anybody's to write: what makes no sense is passed over. */
export function readMine(plan: string, duty: string, on: string, kept: boolean): Mine {
  if (!/^[a-z][a-z0-9_]{1,40}$/.test(plan)) return NOBODY;
  return {
    plan,
    duty: /^[A-Za-z]{2}$/.test(duty) ? duty.toUpperCase() : '',
    on: /^\d{4}-\d{2}-\d{2}$/.test(on) && !Number.isNaN(Date.parse(on)) ? on : '',
    kept,
  };
}
