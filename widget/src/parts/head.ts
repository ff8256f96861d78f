/** Above the list: how many there are, and in which order; behind it: what is done with it as a whole. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Context } from '../context';
import { bdi, rich, type Value } from '../i18n/rich';
import { isolate, type Words } from '../i18n/words';
import { sortOf, sortsOf, type Query, type Sort } from '../query';
import type { Results, Session } from '../session';
import { shareLink } from './share';

/** `onFilters`: to the filters, which stand beside the list and come after it. */
export function head(context: Context, results: Results, list: boolean, onFilters: () => void): TemplateResult {
  const { words, session, layout } = context;
  return html`<div class="head">
    <h2>${count(words, session, results)}</h2>
    ${layout === 'desk' ? html`<button type="button" class="skip" @click=${onFilters}>${words.say('filters')}</button>` : nothing}
    ${list ? order(context) : nothing}
  </div>`;
}

function order({ words, query, go }: Context): TemplateResult | typeof nothing {
  const sorts = sortsOf(query);
  if (sorts.length < 2) return nothing;
  const sort = (event: Event) => go({ ...query, pages: 1, sort: (event.target as HTMLSelectElement).value as Sort });
  return html`<label class="sort"
    ><span class="hidden">${words.say('sort')}</span>
    <select @change=${sort}>
      ${sorts.map((each) => html`<option value=${each} ?selected=${each === sortOf(query)}>${words.say(`sort_${each}`)}</option>`)}
    </select></label
  >`;
}

export function tools(context: Context, list: boolean, onPrint: () => void): TemplateResult {
  const { words, query } = context;
  const share = () => void shareLink(context, context.link({ ...query, open: null }), words.say('results'));
  return html`<div class="tools">
    <button type="button" aria-label=${words.say('share')} @click=${share}>${words.say('shareThis')}</button>
    ${list ? html`<button type="button" @click=${onPrint}>${words.say('print')}</button>` : nothing}
  </div>`;
}

/** "128 providers near Goma". */
function count(words: Words, session: Session, results: Results): readonly Value[] {
  const { around, sentence, place } = counted(words, session, results);
  const values = { count: words.number(results.total), place: bdi(place) };
  return rich(around.replace('{found}', words.form(sentence, results.total)), values);
}

/** The same as plain text, for a screen reader. */
export function countSaid(words: Words, session: Session, results: Results): string {
  const { around, sentence, place } = counted(words, session, results);
  return around.replace('{found}', () => words.many(sentence, results.total, { place: isolate(place) }));
}

function counted(words: Words, session: Session, { query, answer, where }: Results) {
  const { kind } = query.where;
  const country = query.filters.country.map((code) => session.label('country', code));
  const near = query.where.kind === 'point' ? query.where.label : placeName(query, where?.place?.name);
  const anywhere = country.length ? 'foundIn' : 'found';
  const sentence = ({ me: 'foundForYou', box: 'foundInBox', point: 'foundNear', words: 'foundNear', anywhere } as const)[kind];
  const place = kind === 'anywhere' ? words.list(country) : near;
  const around = answer.total.relation === 'gte' ? words.sentence('atLeast') : '{found}';
  return { around, sentence, place };
}

/** What the member calls the place where it is in another script than the directory's name of it. */
function placeName({ where }: Query, known = ''): string {
  return where.kind === 'words' && !/\p{Script=Latin}/u.test(where.text) ? where.text : known;
}
