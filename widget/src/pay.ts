/** How a member pays, read from the agreements: always an answer for both care settings. */
import type { Agreement, Setting, Way } from './api/types';
import type { Words } from './i18n/words';

export const SETTINGS: readonly Setting[] = ['outpatient', 'inpatient'];

export interface Payment {
  readonly way: Way;
  readonly noticeDays: number | null;
  /** The networks for which it is so; empty where it is so for every reader. */
  readonly networks: readonly string[];
}

/**
 * The ways to pay in one care setting, the easiest first. Where networks differ each way names its own: a sentence that
 * is true for some members only must say so. Without an agreement everybody pays and claims.
 */
export function paymentsOf(agreements: readonly Agreement[], setting: Setting): readonly Payment[] {
  const found = new Map<string, Payment>();
  for (const agreement of inForce(agreements)) {
    const way = agreement[setting];
    const noticeDays = way === 'guarantee_letter' ? agreement.notice_days : null;
    const key = `${way} ${noticeDays ?? ''}`;
    const networks = [...(found.get(key)?.networks ?? []), agreement.network];
    found.set(key, { way, noticeDays, networks });
  }
  const payments = [...found.values()].sort((one, other) => ease(one) - ease(other));
  if (payments.length > 1) return payments;
  const [only] = payments;
  return [only ? { ...only, networks: [] } : { way: 'none', noticeDays: null, networks: [] }];
}

function inForce(agreements: readonly Agreement[]): readonly Agreement[] {
  return agreements.filter(({ status }) => status !== 'suspended');
}

function ease({ way, noticeDays }: Payment): number {
  const rank = { card: 0, guarantee_letter: 1, none: 1000 }[way];
  return rank + (noticeDays ?? 0);
}

/** In a word or three, for a card. */
export function payShort({ way, noticeDays }: Payment, words: Words): string {
  if (way === 'guarantee_letter' && noticeDays !== null) return words.many('letterDays', noticeDays);
  return words.say(({ card: 'payCard', guarantee_letter: 'payLetter', none: 'payNone' } as const)[way]);
}

/** From which way to which, for who has not said their plan. */
export function payRange(ways: readonly Way[], words: Words): string {
  const named = ways.map((way) => words.say(({ card: 'wayCard', guarantee_letter: 'wayLetter', none: 'wayNone' } as const)[way]));
  return words.say('payRange', { ways: words.either(named) });
}

/** As a sentence that says what to do. */
export function payLong({ way, noticeDays }: Payment, words: Words): string {
  if (way === 'guarantee_letter' && noticeDays !== null) return words.many('letterDaysLong', noticeDays);
  return words.say(({ card: 'payCardLong', guarantee_letter: 'payLetterLong', none: 'payNoneLong' } as const)[way]);
}

/** A negotiated tariff under any of the agreements shown. */
export function hasTariff(agreements: readonly Agreement[]): boolean {
  return inForce(agreements).some((agreement) => agreement.tariff);
}
