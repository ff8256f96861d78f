import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Unavailable } from '../src/api/errors';
import { Words } from '../src/i18n/words';
import type { Choice, Combobox } from '../src/parts/combobox';
import '../src/parts/combobox';
import { later } from './service';

const CITIES = ['Goma', 'Gondar', 'Gorakhpur'].map((label) => ({ key: label, label, detail: 'Somewhere' }));

let field: Combobox;
let chosen: string[];
let asked: string[];

beforeEach(async () => {
  vi.useFakeTimers();
  [chosen, asked] = [[], []];
  field = document.createElement('provider-search-combobox');
  Object.assign(field, { words: new Words('en'), name: 'ps-where', label: 'Where' });
  field.propose = (text) => {
    asked.push(text);
    return Promise.resolve(CITIES.filter(({ label }) => label.startsWith(text)));
  };
  field.addEventListener('chosen', (event) => chosen.push((event as CustomEvent<Choice>).detail.label));
  document.body.append(field);
  await field.updateComplete;
});
afterEach(() => {
  field.remove();
  vi.useRealTimers();
});

const input = () => field.input ?? expect.unreachable('no input');
const list = () => field.querySelector('[role=listbox]') ?? expect.unreachable('no list');
const options = () => [...field.querySelectorAll('[role=option]')];
const active = () => options().findIndex((option) => option.getAttribute('aria-selected') === 'true');

async function type(text: string) {
  input().value = text;
  input().dispatchEvent(new InputEvent('input', { bubbles: true }));
  await vi.advanceTimersByTimeAsync(200);
  await field.updateComplete;
}

async function press(key: string, how: KeyboardEventInit = {}): Promise<KeyboardEvent> {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...how });
  input().dispatchEvent(event);
  await vi.advanceTimersByTimeAsync(200);
  await field.updateComplete;
  return event;
}

describe('the field', () => {
  it('is a combobox with its label and its list', () => {
    expect(input().getAttribute('role')).toBe('combobox');
    expect(input().getAttribute('aria-autocomplete')).toBe('list');
    expect(field.querySelector('label')?.htmlFor).toBe(input().id);
    expect(input().getAttribute('aria-controls')).toBe(list().id);
    expect(list().getAttribute('aria-label')).toBe('Where');
    expect(input().getAttribute('aria-expanded')).toBe('false');
  });

  it('proposes nothing chosen: what was typed stays what is searched for', async () => {
    await type('Go');
    expect(input().getAttribute('aria-expanded')).toBe('true');
    expect(options()).toHaveLength(3);
    expect(active()).toBe(-1);
    expect(input().hasAttribute('aria-activedescendant')).toBe(false);
  });

  it('shows what is proposed as text', async () => {
    field.propose = () => Promise.resolve([{ key: 'x', label: '<img src=x>', detail: '' }]);
    await type('x');
    expect(options()[0]?.textContent.trim()).toBe('<img src=x>');
    expect(field.querySelector('img')).toBeNull();
  });
});

describe('its keys', () => {
  it('down and up go through the list, and through the text between its ends', async () => {
    await type('Go');
    const seen: number[] = [];
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'ArrowUp']) {
      await press(key);
      seen.push(active());
    }
    expect(seen).toEqual([0, 1, 2, -1, 2, 1]);
    expect(input().getAttribute('aria-activedescendant')).toBe(options()[1]?.id);
  });

  it('enter takes what is pointed at, and nothing else', async () => {
    await type('Go');
    await press('ArrowDown');
    const taken = await press('Enter');
    expect(taken.defaultPrevented).toBe(true);
    expect(chosen).toEqual(['Goma']);
    expect(field.text).toBe('Goma');
    expect(input().getAttribute('aria-expanded')).toBe('false');
  });

  it('enter without anything pointed at is the form’s', async () => {
    await type('Go');
    expect((await press('Enter')).defaultPrevented).toBe(false);
    expect(chosen).toEqual([]);
    expect(input().getAttribute('aria-expanded')).toBe('false');
  });

  it('escape closes the list first, then empties the field, then is the page’s', async () => {
    await type('Go');
    expect((await press('Escape')).defaultPrevented).toBe(true);
    expect([input().getAttribute('aria-expanded'), field.text]).toEqual(['false', 'Go']);
    expect((await press('Escape')).defaultPrevented).toBe(true);
    expect(field.text).toBe('');
    expect((await press('Escape')).defaultPrevented).toBe(false);
  });

  it('down opens a closed list at its first, up at its last, alt with down at none', async () => {
    await type('Go');
    await press('Escape');
    await press('ArrowDown');
    expect(active()).toBe(0);
    await press('ArrowUp', { altKey: true });
    expect(input().getAttribute('aria-expanded')).toBe('false');
    await press('ArrowUp');
    expect(active()).toBe(2);
    await press('ArrowUp', { altKey: true });
    await press('ArrowDown', { altKey: true });
    expect([input().getAttribute('aria-expanded'), active()]).toEqual(['true', -1]);
  });

  it.each(['Home', 'End', 'ArrowLeft', 'a', 'Tab'])('%s is the text’s', async (key) => {
    await type('Go');
    expect((await press(key)).defaultPrevented).toBe(false);
  });

  it('of an input method are its own', async () => {
    await type('Go');
    const event = await press('Enter', { isComposing: true });
    expect(event.defaultPrevented).toBe(false);
    expect(input().getAttribute('aria-expanded')).toBe('true');
  });
});

describe('typing', () => {
  it('asks once it rests, not for every letter', async () => {
    for (const text of ['G', 'Go', 'Gom']) {
      input().value = text;
      input().dispatchEvent(new InputEvent('input', { bubbles: true }));
      await vi.advanceTimersByTimeAsync(50);
    }
    await vi.advanceTimersByTimeAsync(200);
    expect(asked).toEqual(['Gom']);
  });

  it('never shows what an older text proposed', async () => {
    const slow = later<readonly Choice[]>();
    field.propose = (text) => (text === 'G' ? slow.promise : Promise.resolve([{ key: 'n', label: 'New', detail: '' }]));
    await type('G');
    await type('Ge');
    slow.resolve([{ key: 'o', label: 'Old', detail: '' }]);
    await vi.advanceTimersByTimeAsync(10);
    await field.updateComplete;
    expect(options().map((option) => option.textContent.trim())).toEqual(['New']);
  });

  it('goes on where nothing can be proposed', async () => {
    field.propose = () => Promise.reject(new Unavailable('down'));
    await type('Go');
    expect(input().getAttribute('aria-expanded')).toBe('false');
    expect(field.text).toBe('Go');
  });

  it('a field that is left proposes nothing late', async () => {
    const slow = later<readonly Choice[]>();
    field.propose = () => slow.promise;
    await type('Go');
    input().dispatchEvent(new FocusEvent('blur'));
    slow.resolve(CITIES);
    await vi.advanceTimersByTimeAsync(10);
    await field.updateComplete;
    expect(input().getAttribute('aria-expanded')).toBe('false');
  });
});

it('a press on a choice takes it, and leaves the focus in the field', async () => {
  await type('Go');
  const down = new MouseEvent('mousedown', { bubbles: true, cancelable: true });
  options()[1]?.dispatchEvent(down);
  expect(down.defaultPrevented).toBe(true);
  options()[1]?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  expect(chosen).toEqual(['Gondar']);
});

it('what is typed as it is proposed is the same as choosing it', async () => {
  await type('Go');
  await type('goma');
  field.propose = () => Promise.resolve(CITIES);
  await type('gondar');
  expect(field.exact()?.label).toBe('Gondar');
});
