/** Sentences as markup: values are text or templates of their own, never markup in a string. */
import { html, type TemplateResult } from 'lit';
import { splitSentence } from './words';

export type Value = string | TemplateResult;

/** A sentence with templates in the places of its `{names}`. */
export function rich(sentence: string, values: Readonly<Record<string, Value>>): readonly Value[] {
  return splitSentence(sentence).map((part, place) => (place % 2 ? (values[part] ?? '') : part));
}

/** Text whose direction may be another than its surroundings'. */
export function bdi(text: string, lang?: string | null): TemplateResult {
  return lang ? html`<bdi lang=${lang}>${text}</bdi>` : html`<bdi>${text}</bdi>`;
}
