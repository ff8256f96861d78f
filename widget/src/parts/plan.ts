/** The choice of a plan, a country of duty and the day of a visit. Nothing of it is stored. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Plan } from '../api/types';
import type { Context } from '../context';
import { define } from '../define';
import { displayName } from '../i18n/words';
import { NOBODY, type Mine } from '../mine';
import { asked, insured } from '../query';

export class PlanChoice extends LitElement {
  @property({ attribute: false }) context!: Context;
  @state() private plans: readonly Plan[] | null = null;
  @state() private failed = false;
  @state() private draft: Mine | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  async #load(): Promise<void> {
    this.failed = false;
    try {
      this.plans = (await this.context.client.codes()).plans ?? [];
      await this.updateComplete;
      this.querySelector('select')?.focus();
    } catch {
      this.failed = true;
    }
  }

  get #mine(): Mine {
    return this.draft ?? this.context.query.mine;
  }

  protected override render(): TemplateResult {
    const { words } = this.context;
    if (this.failed) {
      return html`<p class="banner" role="alert">${words.say('pieceFailed')} <button type="button" @click=${() => void this.#load()}>${words.say('tryNow')}</button></p>`;
    }
    if (!this.plans) return html`<p role="status">${words.say('loading')}</p>`;
    const mine = this.#mine;
    const plan = this.plans.find(({ code }) => code === mine.plan);
    return html`<form class="plan-form" @submit=${this.#use} novalidate>
      <label><span class="label">${words.say('planPlan')}</span>
        <select name="plan" @change=${this.#changed}>
          <option value="" ?selected=${!plan}>${words.say('planNone')}</option>
          ${this.plans.map(({ code, label }) => html`<option value=${code} ?selected=${code === mine.plan}>${label}</option>`)}
        </select></label>
      ${plan?.duty.length ? this.#duty(plan, mine) : nothing}
      ${plan ? this.#visit(mine) : nothing}
      <p class="plan-note"><small>${words.say('planKept')}</small></p>
      <div class="plan-actions">
        <button type="submit" class="primary">${words.say('planUse')}</button>
        <button type="button" @click=${this.#done}>${words.say('close')}</button>
      </div>
    </form>`;
  }

  #duty({ duty }: Plan, mine: Mine): TemplateResult {
    const { words } = this.context;
    const named = duty.map((code) => [code, displayName('region', code, words.tag) ?? code] as const);
    const sorted = named.sort(([, one], [, other]) => one.localeCompare(other, words.tag));
    return html`<label><span class="label">${words.say('planDuty')}</span>
      <select name="duty" @change=${this.#changed}>
        <option value="" ?selected=${!mine.duty}>${words.say('planNone')}</option>
        ${sorted.map(([code, label]) => html`<option value=${code} ?selected=${code === mine.duty}>${label}</option>`)}
      </select>
      <small>${words.say('planDutyHint')}</small></label>`;
  }

  #visit(mine: Mine): TemplateResult {
    const { words } = this.context;
    const now = new Date();
    const day = (ahead: number) => new Date(now.getTime() + ahead * 86_400_000).toISOString().slice(0, 10);
    return html`<label><span class="label">${words.say('planDay')}</span>
        <input type="date" name="on" .value=${mine.on} min=${day(0)} max=${day(365)} @change=${this.#changed} /></label>
      <label class="check"><input type="checkbox" name="kept" .checked=${mine.kept} @change=${this.#changed} />
        <span class="check-label">${words.say('planKeep')}</span></label>`;
  }

  #read(): Mine {
    const form = this.querySelector('form');
    if (!form) return this.#mine;
    const said = new FormData(form);
    const text = (name: string) => {
      const value = said.get(name);
      return typeof value === 'string' ? value : '';
    };
    const plan = this.plans?.find(({ code }) => code === text('plan'));
    if (!plan) return NOBODY;
    const duty = form.querySelector('[name=duty]') ? text('duty') : this.#mine.duty;
    return { plan: plan.code, duty: plan.duty.includes(duty) ? duty : '', on: text('on'), kept: said.has('kept') };
  }

  #changed = (): void => {
    this.draft = this.#read();
  };

  #use = (event: Event): void => {
    event.preventDefault();
    const { context } = this;
    const form = this.querySelector('form');
    // A day that is typed and out of its bounds is told by the browser, in the reader's language.
    if (form && !form.reportValidity()) return;
    if (context.go(asked(insured(context.query, this.#read()), {}))) this.#done();
  };

  #done = (): void => {
    this.dispatchEvent(new CustomEvent('done'));
  };
}

define('provider-search-plan', PlanChoice);

declare global {
  interface HTMLElementTagNameMap {
    'provider-search-plan': PlanChoice;
  }
}
