/** A page with the widget in it, and a service behind it that answers as it is told. */
import { expect, vi } from 'vitest';
import type { ProviderSearch } from '../src/provider-search';
import '../src/provider-search';
import { PIECES } from '../src/pieces';
import { answer, item, NAIROBI } from './service';

export interface Asked {
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly method: string;
  readonly body: unknown;
}

/** What the service answers; a number is a status, an object the answer. */
export type Answers = (asked: Asked) => unknown;

export interface Page {
  readonly widget: ProviderSearch;
  readonly asked: Asked[];
  /** The searches among them. */
  searches(): Asked[];
  /** Waits until everything that is under way has come to rest. */
  settle(): Promise<void>;
  all(selector: string): HTMLElement[];
  one(selector: string): HTMLElement;
  /** A field by the name of its label. */
  field(name: string): HTMLInputElement;
  text(selector: string): string;
  press(selector: string): Promise<void>;
  answer(answers: Answers): void;
  /** What has the focus inside the widget. */
  focused(): Element | null;
}

export const usual: Answers = ({ path }) => {
  if (path === '/v1/providers') return answer([item('1'), item('2')], { where: { ...NAIROBI.location, radius_km: 25, place: NAIROBI, alternatives: [] } });
  if (path.startsWith('/v1/providers/')) return item(path.split('/')[3] ?? '');
  return { items: [], features: [] };
};

interface Setting {
  readonly answers?: Answers;
  readonly hash?: string;
  /** In pixels: 400 is a phone's, 1200 a desk's. */
  readonly width?: number;
  readonly before?: (widget: ProviderSearch) => void;
}

export async function open(
  attributes: Readonly<Record<string, string>> = {},
  { answers = usual, hash = '', width = 400, before }: Setting = {},
): Promise<Page> {
  await Promise.all([PIECES.rest.load(), PIECES.details.load()]);
  const service = { asked: [] as Asked[], answers };
  vi.stubGlobal('fetch', (url: string, init: RequestInit = {}) => fetched(service, url, init));
  history.replaceState(null, '', `/${hash}`);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(width);
  // The simulated browser knows no focus in a shadow root.
  const focus = vi.spyOn(HTMLElement.prototype, 'focus').mockImplementation(() => undefined);
  const widget = document.createElement('provider-search');
  for (const [name, value] of Object.entries({ lang: 'en', 'api-base': 'https://directory.example', ...attributes })) {
    widget.setAttribute(name, value);
  }
  before?.(widget);
  document.body.append(widget);
  const settle = async () => {
    for (let turn = 0; turn < 6; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      await widget.updateComplete;
    }
  };
  await settle();
  const all = (selector: string) => [...widget.renderRoot.querySelectorAll<HTMLElement>(selector)];
  const one = (selector: string) => all(selector)[0] ?? expect.unreachable(`nothing is ${selector}`);
  return {
    widget,
    asked: service.asked,
    searches: () => service.asked.filter(({ path }) => path === '/v1/providers'),
    settle,
    all,
    one,
    field: (name) => {
      const label = all('label').find(({ textContent }) => textContent.includes(name)) as HTMLLabelElement | undefined;
      return one(`[id="${label?.htmlFor ?? ''}"]`) as HTMLInputElement;
    },
    text: (selector) => plain(one(selector)),
    press: async (selector) => {
      one(selector).click();
      await settle();
    },
    answer: (given) => (service.answers = given),
    focused: () => (focus.mock.contexts.at(-1) as Element | undefined) ?? null,
  };
}

async function fetched(service: { asked: Asked[]; answers: Answers }, url: string, init: RequestInit): Promise<Response> {
  const { pathname: path, searchParams } = new URL(url);
  const one = {
    path,
    params: Object.fromEntries(searchParams),
    method: init.method ?? 'GET',
    body: typeof init.body === 'string' ? (JSON.parse(init.body) as unknown) : null,
  };
  service.asked.push(one);
  const given = await service.answers(one);
  init.signal?.throwIfAborted();
  if (typeof given === 'number') return new Response('{}', { status: given });
  const { status } = given as { status?: unknown };
  return new Response(JSON.stringify(given), { status: typeof status === 'number' ? status : 200 });
}

/** What is read of an element: its text, blanks as one. */
export function plain({ textContent }: Element): string {
  return textContent.replace(/\s+/g, ' ').trim();
}

export function type(field: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  field.value = text;
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

/** After each test. */
export function leave(): void {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
}
