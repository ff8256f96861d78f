/** "Your plan: Mission staff · Kenya — change": asked once, in one line that opens the choice. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Context } from '../context';
import { PIECES } from '../pieces';
import { pending } from './pending';

export interface PlanLine {
  readonly open: boolean;
  readonly toggle: () => void;
  readonly looked: () => void;
}

export function planLine(context: Context, { open, toggle, looked }: PlanLine): TemplateResult | typeof nothing {
  const { words, query, results } = context;
  const insured = results?.answer.insured;
  const { plan, duty, on } = query.mine;
  if (!plan && !results?.answer.takes_plan) return nothing;
  const known = insured?.plan === plan ? insured : null;
  const parts = plan ? [known?.label ?? words.say('planSaid'), known?.duty_label ?? duty, on ? words.say('planVisit', { day: words.day(on) }) : ''] : [];
  const said = parts.filter(Boolean);
  return html`<div class="mine" part="plan">
    <button type="button" class="quiet" aria-expanded=${open ? 'true' : 'false'} @click=${toggle}>
      <span class="said">${said.length ? [words.say('planYours'), ' ', said.map((part, at) => html`${at ? ' · ' : ''}<bdi>${part}</bdi>`)] : words.say('planAsk')}</span>
      <span class="change">${words.say(said.length ? 'change' : 'planSay')}</span>
    </button>
    ${open ? (PIECES.plan.want(looked) ? html`<provider-search-plan .context=${context} @done=${toggle}></provider-search-plan>` : pending(words, [PIECES.plan], toggle)) : nothing}
  </div>`;
}
