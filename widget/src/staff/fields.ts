/**
 * The fields of the form that a map stands in: the point, and the country and city to look at before there is one. The
 * point is in two fields, `lat` and `lon`, or in one, `point`, which takes what the service alone can read too.
 */
import type { Bounds } from '../map/contract';
import type { PointOf } from './contract';
import { formatDegrees, parsePair, parsePoint } from './degrees';

/** What the service knows of a form's place: where to look, and the point that a plus code or a link names. */
export interface Looked {
  readonly bbox: Bounds | null;
  readonly point?: PointOf | null;
}

type Field = HTMLInputElement | HTMLSelectElement;

export class Fields {
  private readonly listening = new AbortController();
  private asking: AbortController | null = null;

  /** `moved` hears when the point was typed; `placed` when country or city were chosen. */
  constructor(
    private readonly form: HTMLFormElement,
    /** Answers `?country=&city=&point=` by `{bbox, point}`. */
    private readonly looksAt: string,
    told: { moved(): void; placed(): void },
  ) {
    const { signal } = this.listening;
    form.addEventListener('input', (event) => this.isOne(event, 'lat', 'lon', 'point') && told.moved(), { signal });
    form.addEventListener('change', (event) => this.isOne(event, 'country', 'city', 'point') && told.placed(), { signal });
  }

  end(): void {
    this.listening.abort();
    this.asking?.abort();
  }

  get point(): PointOf | null {
    return this.field('point') ? parsePair(this.said('point')) : parsePoint(this.said('lat'), this.said('lon'));
  }

  /** Writes a point, or empties its fields. */
  set point(point: PointOf | null) {
    this.write('point', point ? `${formatDegrees(point.lat)}, ${formatDegrees(point.lon)}` : '');
    this.write('lat', point ? formatDegrees(point.lat) : '');
    this.write('lon', point ? formatDegrees(point.lon) : '');
  }

  /** Where to look; null where not even the country is said. Only the newest question is answered. */
  async look(): Promise<Looked | null> {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    const asked = new URLSearchParams({ country: this.said('country'), city: this.said('city') });
    if (this.said('point')) asked.set('point', this.said('point'));
    if (!asked.get('country') && !asked.get('point')) return null;
    const answer = await fetch(`${this.looksAt}?${asked}`, { signal: asking.signal });
    return (await answer.json()) as Looked;
  }

  private field(name: string): Field | null {
    const field = this.form.elements.namedItem(name);
    return field instanceof HTMLInputElement || field instanceof HTMLSelectElement ? field : null;
  }

  private said(name: string): string {
    return this.field(name)?.value ?? '';
  }

  private write(name: string, value: string): void {
    const field = this.field(name);
    if (field) field.value = value;
  }

  private isOne({ target }: Event, ...names: readonly string[]): boolean {
    return names.some((name) => target === this.field(name));
  }
}
