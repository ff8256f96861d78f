/** Agreements that pay nothing until they come back: until when, as a sentence. */
import type { Agreement, Item } from '../api/types';
import type { Words } from '../i18n/words';

export function suspendedOf(item: Item): readonly Agreement[] {
  return item.agreements.filter(({ status }) => status === 'suspended');
}

export function displayedDay({ suspended_until: until }: Agreement, words: Words): string {
  return until ? words.say('suspendedUntil', { date: words.day(until) }) : words.say('suspendedNow');
}
