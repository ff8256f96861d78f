/** The fields of the form that a map stands in: the point, and the country and city to look at before there is one. */
import type { Bounds } from '../map/contract';
import type { PointOf } from './contract';
import { formatDegrees, parsePoint } from './degrees';

type Field = HTMLInputElement | HTMLSelectElement;

export class Fields {
  private readonly listening = new AbortController();
  private asking: AbortController | null = null;

  /** `moved` hears when the point was typed; `placed` when country or city were chosen. */
  constructor(
    private readonly form: HTMLFormElement,
    /** Answers `?country=&city=` by `{bbox}`. */
    private readonly looksAt: string,
    told: { moved(): void; placed(): void },
  ) {
    const { signal } = this.listening;
    form.addEventListener('input', (event) => this.isOne(event, 'lat', 'lon') && told.moved(), { signal });
    form.addEventListener('change', (event) => this.isOne(event, 'country', 'city') && told.placed(), { signal });
  }

  end(): void {
    this.listening.abort();
    this.asking?.abort();
  }

  get point(): PointOf | null {
    return parsePoint(this.said('lat'), this.said('lon'));
  }

  /** Writes a point, or empties its fields. */
  set point(point: PointOf | null) {
    this.write('lat', point ? formatDegrees(point.lat) : '');
    this.write('lon', point ? formatDegrees(point.lon) : '');
  }

  /** The box of the city, or of the country; null where neither is known. Only the newest question is answered. */
  async look(): Promise<Bounds | null> {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    const asked = new URLSearchParams({ country: this.said('country'), city: this.said('city') });
    if (!asked.get('country')) return null;
    const answer = await fetch(`${this.looksAt}?${asked}`, { signal: asking.signal });
    const { bbox } = (await answer.json()) as { bbox: Bounds | null };
    return bbox;
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
