/** What the member is told when it does not go as it should; and what would find more. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Refused } from '../api/errors';
import type { Context } from '../context';
import { bdi, rich } from '../i18n/rich';
import { ANYWHERE, asked, EMPTY, FILTERS, placed, relaxed, type Query } from '../query';
import type { Results, Trouble } from '../session';

export function trouble(context: Context, { kind, error, ...more }: Trouble, now: number): TemplateResult {
  const { words, session, results } = context;
  if (kind === 'refused') return refused(context, error);
  const seconds = 'until' in more ? Math.max(1, Math.ceil((more.until - now) / 1000)) : 1;
  const text = !navigator.onLine
    ? words.say('offline')
    : error.busy
      ? words.say('busy')
      : results
        ? words.say('downKept', { time: words.clock(results.at) })
        : words.say('down');
  return html`<div class="banner caution" part="banner">
    <p role="alert">${text}</p>
    <p>
      <span aria-hidden="true">${words.many('retryIn', seconds)}</span>
      <button type="button" @click=${() => session.hurry()}>${words.say('tryNow')}</button>
    </p>
  </div>`;
}

function refused(context: Context, error: Refused): TemplateResult {
  const { words, query } = context;
  if (error.status === 401 || error.status === 403) {
    // What is in the fields when it is followed goes along, searched for or not.
    const follow = (event: Event) => void ((event.currentTarget as HTMLAnchorElement).href = context.elsewhere());
    return html`<div class="banner" part="banner">
      <p role="alert">${words.say('refusedKey')}</p>
      <p><a class="elsewhere" href=${context.elsewhere()} target="_top" @click=${follow} @auxclick=${follow}>${words.say('searchElsewhere')}</a></p>
    </div>`;
  }
  const near = error.fault('near');
  if (near && query.where.kind === 'words') {
    const allowed = near.allowed ?? [];
    return html`<div class="banner" part="banner">
      <p role="alert">${rich(words.sentence('unknownPlace'), { place: bdi(query.where.text) })}</p>
      ${allowed.length
        ? html`<p>${words.say('didYouMean')}</p>
            ${allowed.map((text) => button(context, bdi(text), placed(query, { kind: 'words', text })))}`
        : nothing}
    </div>`;
  }
  const names = error.faults.flatMap(({ parameter }) => parameter ?? []);
  if (!names.length) return banner(words.say('refused'));
  return html`<div class="banner" part="banner">
    <p role="alert">${words.say('refusedFilters', { names: words.list(names) })}</p>
    ${button(context, words.say('startAgain'), without(query, names))}
  </div>`;
}

/** The question without the parameters that the service no longer knows. */
function without(query: Query, names: readonly string[]): Query {
  const filters = { ...query.filters };
  for (const filter of FILTERS) if (names.includes(filter)) filters[filter] = [];
  const where = names.some((name) => ['near', 'lat', 'lon', 'bbox'].includes(name)) ? ANYWHERE : query.where;
  return asked(query, { filters, where, ...(names.includes('q') ? { which: '', who: '' } : {}) });
}

function banner(text: string): TemplateResult {
  return html`<div class="banner" part="banner"><p role="alert">${text}</p></div>`;
}

function button(context: Context, text: unknown, query: Query): TemplateResult {
  return html`<button type="button" class="suggested" @click=${() => context.go(query)}>${text}</button>`;
}

/** Words on the answer as a whole: spelled alike, plainer search, other places of the same name. */
export function remarks(context: Context, results: Results, list: boolean): TemplateResult {
  const { words, query } = context;
  const others = list && query.where.kind === 'words' ? (results.where?.alternatives ?? []) : [];
  return html`
    ${results.degraded ? html`<p class="banner">${words.say('degraded')} ${results.answer.facets_left_out.length ? words.say('notCounted') : nothing}</p>` : nothing}
    ${list && query.where.kind === 'words' && results.where?.corrected
      ? html`<p class="others">${rich(words.sentence('unknownPlace'), { place: bdi(query.where.text) })}</p>`
      : nothing}
    ${spelling(context, results)}
    ${others.length
      ? html`<p class="others">
          <span>${words.say('otherPlaces')}:</span>
          ${others.slice(0, 2).map(({ name, region, country_label, location: { lat, lon } }) => {
            const parts = [name, region, country_label].flatMap((part) => part ?? []);
            const said = parts.map((part, at) => [at ? words.comma : '', bdi(part)]);
            return button(context, said, placed(query, { kind: 'point', label: parts.join(words.comma), lat, lon }));
          })}
        </p>`
      : nothing}
  `;
}

/** Fewer hits than usual as typed is not none: what is said of near spellings is so. */
function spelling({ words }: Context, { forgiving, asTyped, total }: Results): TemplateResult | typeof nothing {
  if (!forgiving || asTyped === null || asTyped === total) return nothing;
  return html`<p class="banner">${words.say(asTyped ? 'forgivingToo' : 'forgiving')}</p>`;
}

/** Where little or nothing was found: each change that would give more, and how much. */
export function relaxations(context: Context, results: Results, hidden: readonly string[]): TemplateResult | typeof nothing {
  const { words, query } = context;
  const changes = results.relaxations.filter(({ parameter }) => !hidden.includes(parameter));
  if (results.total && !changes.length) return nothing;
  return html`<section class="relax" part="relaxations">
    <h3>${words.say(results.total ? 'few' : 'none')}</h3>
    ${results.total ? nothing : html`<p>${words.say(changes.length ? 'noneHint' : 'noneEmpty')}</p>`}
    <ul>
      ${changes.map((change) => {
        const counted = words.many('found', change.total);
        const found = change.relation === 'gte' ? words.say('atLeast', { found: counted }) : counted;
        const values = { change: change.label, found };
        return html`<li>${button(context, bdi(words.say('relaxWith', values)), relaxed(query, change))}</li>`;
      })}
      ${results.total || changes.length ? nothing : html`<li>${button(context, words.say('startOver'), EMPTY)}</li>`}
    </ul>
  </section>`;
}
