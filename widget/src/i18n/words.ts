/** The reader's language: sentences with values in them, and numbers, distances, dates and lists as it writes them. */
import type { Direction } from '../map/contract';
import { en } from './en';
import { LANGUAGES, type Language, type Messages, type PluralSentence, type Sentence } from './messages';

/** The languages at hand. The others come when they are read (pieces.ts); until then, and where they do not come, it is English. */
export const CATALOGUES: { en: Messages<'en'> } & { [L in Language]?: Messages<L> } = { en };

const CONTROL = { isolate: '\u2068', end: '\u2069' };

/** Words of unknown direction inside a sentence of plain text: set apart, as <bdi> does in markup. */
export function isolate(text: string): string {
  return `${CONTROL.isolate}${text}${CONTROL.end}`;
}

/** The first of `wanted` (BCP 47) that the widget speaks, else English. */
export function languageOf(...wanted: readonly (string | null | undefined)[]): Language {
  for (const tag of wanted) {
    const code = tag?.split('-')[0]?.toLowerCase();
    const known = LANGUAGES.find((language) => language === code);
    if (known) return known;
  }
  return 'en';
}

/** Splits a sentence at its `{names}`: texts at even places, names at odd ones. */
export function splitSentence(sentence: string): readonly string[] {
  return sentence.split(/\{(\w+)\}/);
}

/** The sentences are British English, and so are the dates among them, whatever English the browser speaks. */
function british(tag: string): string {
  return /^en(-US)?$/.test(tag) ? 'en-GB' : tag;
}

export class Words {
  readonly language: Language;
  readonly direction: Direction;
  readonly tag: string;
  readonly #plural: Intl.PluralRules;
  readonly #number: Intl.NumberFormat;
  readonly #list: Intl.ListFormat;
  readonly #catalogue: { [L in Language]: Messages<L> }[Language];

  /** `tag`: the reader's own tag where it is of the same language (ar-EG writes other digits than ar-MA). */
  constructor(language: Language, tag: string = language) {
    const known = CATALOGUES[language];
    this.#catalogue = known ?? CATALOGUES.en;
    this.language = known ? language : 'en';
    this.tag = british(known ? tag : this.language);
    this.direction = this.language === 'ar' ? 'rtl' : 'ltr';
    this.#plural = new Intl.PluralRules(this.tag);
    this.#number = new Intl.NumberFormat(this.tag);
    this.#list = new Intl.ListFormat(this.tag, { type: 'conjunction', style: 'narrow' });
  }

  /** A sentence as plain text. */
  say(sentence: Sentence, values: Readonly<Record<string, string>> = {}): string {
    return fill(this.#catalogue[sentence], values);
  }

  /** A sentence of a number, as plain text; `{count}` is the number as this language writes it. */
  many(sentence: PluralSentence, count: number, values: Readonly<Record<string, string>> = {}): string {
    return fill(this.form(sentence, count), { count: this.number(count), ...values });
  }

  /** The form of a sentence that goes with a number, unfilled. */
  form(sentence: PluralSentence, count: number): string {
    const forms: Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> = this.#catalogue[sentence];
    return forms[this.#plural.select(count)] ?? forms.other ?? '';
  }

  /** A sentence, unfilled. */
  sentence(sentence: Sentence): string {
    return this.#catalogue[sentence];
  }

  number(value: number): string {
    return this.#number.format(value);
  }

  /** Kilometres; below one, metres to the nearest ten. */
  distance(km: number): string {
    if (km < 0.995) return this.#unit(Math.max(10, Math.round(km * 100) * 10), 'meter', 0);
    return this.kilometres(km, km < 9.95 ? 1 : 0);
  }

  kilometres(km: number, digits = 1): string {
    return this.#unit(km, 'kilometer', digits);
  }

  /** Between things that are merely put side by side. */
  get comma(): string {
    return this.language === 'ar' ? '، ' : ', ';
  }

  list(parts: readonly string[]): string {
    return this.#list.format(parts);
  }

  /** One of them or another. */
  either(parts: readonly string[]): string {
    return new Intl.ListFormat(this.tag, { type: 'disjunction' }).format(parts);
  }

  /** A calendar day given as `YYYY-MM-DD`: the same day wherever the reader is. */
  day(iso: string): string {
    const date = new Date(`${iso}T00:00:00Z`);
    return this.#date(date, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  }

  /** A moment's date and time where the reader is. */
  moment(ms: number): string {
    return this.#date(new Date(ms), { dateStyle: 'long', timeStyle: 'short' });
  }

  clock(ms: number, timeZone?: string): string {
    return this.#date(new Date(ms), { hour: '2-digit', minute: '2-digit', ...(timeZone ? { timeZone } : {}) });
  }

  /** A time of day, in minutes from midnight. */
  time(minutes: number): string {
    const date = new Date(Date.UTC(2000, 0, 1, 0, minutes % 1440));
    return this.#date(date, { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
  }

  /** 0: Monday. */
  weekday(day: number, width: 'long' | 'short' = 'long'): string {
    return this.#date(new Date(Date.UTC(2001, 0, 1 + day)), { weekday: width, timeZone: 'UTC' });
  }

  languageName(code: string): string {
    return displayName('language', code, this.tag) ?? code;
  }

  #unit(value: number, unit: string, digits: number): string {
    const how = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits } as const;
    return new Intl.NumberFormat(this.tag, how).format(value);
  }

  #date(date: Date, how: Intl.DateTimeFormatOptions): string {
    const text = new Intl.DateTimeFormat(this.tag, how).format(date);
    // The first of a month is an ordinal in French, which the browsers' data do not know.
    return this.language === 'fr' ? text.replace(/(?<!\d)1 (?=\p{L})/u, '1er ') : text;
  }
}

/** The name of a language or a country in a language; null where there is none. */
export function displayName(type: 'language' | 'region', code: string, lang: string): string | null {
  try {
    return new Intl.DisplayNames(lang, { type }).of(code) ?? null;
  } catch {
    return null; // not a code of one
  }
}

function fill(sentence: string, values: Readonly<Record<string, string>>): string {
  return splitSentence(sentence)
    .map((part, place) => (place % 2 ? (values[part] ?? '') : part))
    .join('');
}
