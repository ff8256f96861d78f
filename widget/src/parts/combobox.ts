/**
 * A field that proposes what is being typed: "editable combobox with list autocomplete, manual selection" of the ARIA
 * Authoring Practices. It renders into the shadow root that it lives in, so that ids and styles are shared.
 * https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
 */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { Latest, pause } from '../api/latest';
import { define } from '../define';
import { bdi } from '../i18n/rich';
import type { Words } from '../i18n/words';

export interface Choice {
  /** Unique among those proposed together. */
  readonly key: string;
  readonly label: string;
  /** What tells two of the same label apart. */
  readonly detail: string;
  /** Where the label says what was typed, from letter to letter. */
  readonly hit?: readonly [number, number] | null;
}

/** What `text` may become. Rejects when the service does not answer: then nothing is proposed. */
export type Propose<C extends Choice = Choice> = (text: string, signal: AbortSignal) => Promise<readonly C[]>;

const TYPING_MS = 120;
const PRESSES = ['pointerdown', 'pointerup', 'pointercancel'] as const;

export class Combobox<C extends Choice = Choice> extends LitElement {
  @property({ attribute: false }) words!: Words;
  @property({ attribute: false }) propose!: Propose<C>;
  /** The prefix of every id in here. */
  @property() name = '';
  @property() label = '';
  @property() hint = '';
  /** The text as it stands; typing changes it and tells so by `typed`. */
  @property() text = '';
  @property({ type: Boolean }) invalid = false;
  @property() describedBy = '';
  @state() private choices: readonly C[] = [];
  @state() private open = false;
  @state() private active = -1;

  readonly #questions = new Latest();
  /** A mouse is held down. */
  #pressing = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    for (const type of PRESSES) window.addEventListener(type, this.#press, true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#questions.cancel();
    for (const type of PRESSES) window.removeEventListener(type, this.#press, true);
  }

  get input(): HTMLInputElement | null {
    return this.querySelector('input');
  }

  /** The choice that says exactly what was typed. */
  exact(): C | undefined {
    const typed = this.text.trim().toLocaleLowerCase();
    return this.choices.find(({ label, detail }) =>
      [label, `${label}, ${detail}`].some((said) => said.toLocaleLowerCase() === typed),
    );
  }

  /** Whether it is the one proposed first. */
  isBest(choice: C): boolean {
    return choice === this.choices[0];
  }

  close(): void {
    this.#questions.cancel();
    this.open = false;
    this.active = -1;
  }

  protected override render(): TemplateResult {
    const { name, words } = this;
    const shown = this.open && this.choices.length > 0;
    const clearLabel = words.say('clear', { field: this.label });
    return html`
      <label class="label" for="${name}-input">${this.label}</label>
      <div class="control" part="field">
        <input
          id="${name}-input"
          part="input"
          type="text"
          role="combobox"
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          enterkeyhint="search"
          dir=${this.text ? 'auto' : nothing}
          maxlength="120"
          placeholder=${this.hint}
          aria-autocomplete="list"
          aria-expanded=${shown ? 'true' : 'false'}
          aria-controls="${name}-list"
          aria-activedescendant=${shown && this.active >= 0 ? `${name}-${this.active}` : nothing}
          aria-invalid=${this.invalid ? 'true' : nothing}
          aria-describedby=${this.describedBy || nothing}
          .value=${live(this.text)}
          @input=${this.#typed}
          @keydown=${this.#key}
          @click=${this.#clicked}
          @focus=${this.#focused}
          @blur=${this.#left}
        />
        ${this.text
          ? html`<button type="button" class="clear" tabindex="-1" aria-label=${clearLabel} @click=${this.#clear}>
              <span aria-hidden="true">×</span>
            </button>`
          : nothing}
        <ul
          id="${name}-list"
          class="choices"
          part="choices"
          role="listbox"
          aria-label=${this.label}
          ?hidden=${!shown}
          @mousedown=${(event: Event) => event.preventDefault()}
        >
          ${this.choices.map((choice, place) => this.#option(choice, place))}
        </ul>
      </div>
    `;
  }

  #option(choice: C, place: number): TemplateResult {
    return html`<li
      id="${this.name}-${place}"
      role="option"
      class="choice"
      aria-selected=${place === this.active ? 'true' : 'false'}
      @click=${(event: PointerEvent) => this.#choose(choice, event)}
    >
      <span class="choice-label"><bdi>${highlighted(choice)}</bdi></span>
      ${choice.detail ? html`<span class="choice-detail">${bdi(choice.detail)}</span>` : nothing}
    </li>`;
  }

  #typed(event: Event): void {
    this.text = (event.target as HTMLInputElement).value;
    this.dispatchEvent(new CustomEvent('typed', { detail: this.text }));
    void this.#ask();
  }

  async #ask(): Promise<void> {
    const text = this.text.trim();
    try {
      const choices = await this.#questions.run(async (signal) => {
        if (text) await pause(TYPING_MS, signal);
        return this.propose(text, signal);
      });
      if (choices === undefined) return; // a newer one was asked
      this.#show(choices);
    } catch {
      this.#show([]);
    }
  }

  #show(choices: readonly C[]): void {
    this.choices = choices;
    this.active = -1;
    this.open = choices.length > 0;
    if (this.text.trim()) this.dispatchEvent(new CustomEvent('proposed', { detail: choices.length }));
  }

  #clear(): void {
    this.text = '';
    this.choices = [];
    this.close();
    this.dispatchEvent(new CustomEvent('typed', { detail: '' }));
    this.input?.focus();
  }

  #choose(choice: C, { pointerType }: { readonly pointerType?: string } = {}): void {
    this.text = choice.label;
    this.close();
    // The keyboard of a phone lies over what was chosen for.
    if (pointerType === 'touch' || pointerType === 'pen') this.input?.blur();
    this.dispatchEvent(new CustomEvent('chosen', { detail: choice }));
  }

  /**
   * What lies below the list moves when it closes, and what was pressed there to leave it must not move away from under
   * the finger: it closes once that press has had its click.
   */
  #left(): void {
    const done = () => setTimeout(() => this.querySelector(':focus') ?? this.close());
    if (this.#pressing) window.addEventListener('pointerup', done, { once: true });
    else done();
  }

  readonly #press = ({ type, pointerType }: PointerEvent): void => {
    this.#pressing = type === 'pointerdown' && pointerType === 'mouse';
  };

  #focused(event: Event): void {
    (event.target as HTMLInputElement).select();
  }

  #clicked(): void {
    if (this.open) this.close();
    else if (!this.text.trim()) void this.#ask();
  }

  #key(event: KeyboardEvent): void {
    // Enter and arrows choose among an input method's own proposals first.
    if (event.isComposing) return;
    const handled = this.#act(event);
    if (handled) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  #act({ key, altKey }: KeyboardEvent): boolean {
    const active = this.open ? this.choices[this.active] : undefined;
    switch (key) {
      case 'ArrowDown':
        if (!this.open) void this.#reopen(altKey ? -1 : 0);
        else this.#move(1);
        return true;
      case 'ArrowUp':
        if (altKey) this.close();
        else if (!this.open) void this.#reopen(this.choices.length - 1);
        else this.#move(-1);
        return true;
      case 'Enter':
        if (!active) {
          this.close();
          return false; // the form's to take
        }
        this.#choose(active);
        return true;
      case 'Escape':
        if (this.open) this.close();
        else if (this.text) this.#clear();
        else return false;
        return true;
      default:
        return false;
    }
  }

  async #reopen(active: number): Promise<void> {
    if (!this.choices.length) await this.#ask();
    this.open = this.choices.length > 0;
    if (this.open) this.#point(active);
  }

  #move(step: 1 | -1): void {
    // The text itself is one of the stops, as the pattern has it.
    const stops = this.choices.length + 1;
    this.#point(((this.active + 1 + step + stops) % stops) - 1);
  }

  #point(place: number): void {
    this.active = place;
    void this.updateComplete.then(() =>
      this.querySelector(`[id="${this.name}-${place}"]`)?.scrollIntoView({ block: 'nearest' }),
    );
  }
}

function highlighted({ label, hit }: Choice): TemplateResult | string {
  if (!hit) return label;
  const [from, to] = hit;
  return html`${label.slice(0, from)}<mark>${label.slice(from, to)}</mark>${label.slice(to)}`;
}

define('provider-search-combobox', Combobox);

declare global {
  interface HTMLElementTagNameMap {
    'provider-search-combobox': Combobox;
  }
}
