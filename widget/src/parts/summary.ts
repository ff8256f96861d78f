/** What was asked, in a few words for a phone's one line. */
import type { Context } from '../context';

/** `which`, `where`: as their fields say it. What the service understood is said in its words. */
export function summary(context: Context, which: string, where: string): readonly string[] {
  const { query, results, words, label } = context;
  const understood = results?.query.which === query.which && results.query.who === query.who ? results.answer.understood : null;
  const read = understood && !understood.as_typed ? understood : null;
  const chosen = query.filters.type.length + query.filters.specialty.length > 0;
  const kind = read && !chosen ? read.which.map((each) => each.label) : [which];
  const there = read?.where ? (read.where.place?.name ?? read.where.country_label ?? words.say('readNearMe')) : '';
  const place = where.length ? where : there;
  const name = read ? (read.who?.words ?? '') : query.who;
  const pay = [...query.filters.settlement.map((value) => label('settlement', value)), ...(read?.pay ?? []).map((each) => each.label)];
  const rest = [...(read?.language ?? []).map((each) => each.label), read?.open_now_words ? words.say('readOpenNow') : ''];
  const said = [...kind, name, place, ...pay, ...rest].filter(Boolean);
  return said.length ? [...new Set(said)] : [words.say('anyKind')];
}
