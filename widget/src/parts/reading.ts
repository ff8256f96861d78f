/** How the words were read: a chip for each part, which a tap takes away with its words, and the way back to a name. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Understood } from '../api/types';
import type { Context } from '../context';
import { bdi } from '../i18n/rich';
import { asked, withoutWords } from '../query';
import type { Results } from '../session';

interface Part {
  readonly label: string;
  readonly words: string;
}

export function reading(context: Context, results: Results): TemplateResult | typeof nothing {
  const { words, query } = context;
  const { understood } = results.answer;
  if (!understood) return nothing;
  if (understood.as_typed) {
    const label = words.say('readAsTyped');
    return list(context, [chip(context, label, () => context.go(asked(query, { asTyped: false })))]);
  }
  const parts = partsOf(context, understood);
  // A name alone is shown where it was typed.
  if (!parts.length || (parts.length === 1 && understood.who)) return nothing;
  const shown = parts.map(({ label, words: typed }) => {
    const same = label.toLocaleLowerCase() === typed.toLocaleLowerCase();
    const said = same ? label : words.say('readWords', { label, words: typed });
    return chip(context, said, () => context.go(withoutWords(query, typed)));
  });
  return html`${list(context, shown)}
    <p><button type="button" class="quiet" @click=${() => context.go(asked(query, { asTyped: true }))}>${words.say('asTyped')}</button></p>
    ${understood.where?.asks_for_point ? html`<p class="banner" role="status">${words.say('asksForPoint')}</p>` : nothing}
    ${understood.set_aside.map((wish) => html`<p class="banner" role="status">${words.say(`setAside_${wish}`)}</p>`)}`;
}

function partsOf({ words }: Context, read: Understood): readonly Part[] {
  const parts = new Map<string, Part>();
  for (const { label, words: typed } of read.which) if (!parts.has(typed)) parts.set(typed, { label, words: typed });
  const place = read.where?.place?.name ?? read.where?.country_label ?? words.say('readNearMe');
  return [
    ...parts.values(),
    ...(read.where ? [{ label: place, words: read.where.words }] : []),
    ...read.pay,
    ...read.language,
    ...(read.open_now_words ? [{ label: words.say('readOpenNow'), words: read.open_now_words }] : []),
    ...(read.who ? [{ label: words.say('readWho'), words: read.who.words }] : []),
  ];
}

function list({ words }: Context, chips: readonly TemplateResult[]): TemplateResult {
  return html`<ul class="chips" part="reading" aria-label=${words.say('readAs')}>
    ${chips.map((each) => html`<li>${each}</li>`)}
  </ul>`;
}

function chip({ words }: Context, label: string, away: () => void): TemplateResult {
  return html`<button type="button" class="chip" part="chip" aria-label=${words.say('remove', { filter: label })} @click=${away}>
    ${bdi(label)} <span aria-hidden="true">×</span>
  </button>`;
}
