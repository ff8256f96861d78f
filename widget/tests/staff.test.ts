import { describe, expect, it } from 'vitest';
import { formatDegrees, parseDegrees, parsePair, parsePoint } from '../src/staff/degrees';
import { Fields } from '../src/staff/fields';
import { gather } from '../src/staff/gather';
import { markOf, markOfMany } from '../src/staff/marks';

describe('degrees', () => {
  it('are read in the digits and with the signs of the readers', () => {
    expect(['-1.5', '−1,5', '٤٫٣٢', '۱۵', ' 29.2° ', '.5', '+3.'].map(parseDegrees)).toEqual([-1.5, -1.5, 4.32, 15, 29.2, 0.5, 3]);
    expect(['', 'east', '1.2.3', '1,2,3', '29°13′', '1 2'].map(parseDegrees)).toEqual([null, null, null, null, null, null]);
  });

  it('are a point where both are there and on the globe', () => {
    expect(parsePoint('-1.5', '29')).toEqual({ lat: -1.5, lon: 29 });
    expect([parsePoint('91', '0'), parsePoint('0', '181'), parsePoint('1', ''), parsePoint('0', '0')]).toEqual([null, null, null, null]);
    expect(formatDegrees(-1.67354999)).toBe('-1.67355');
  });
});

describe('one box', () => {
  it('holds both degrees, and nothing that the service alone can read', () => {
    expect(parsePair(' -1.2921, 36.8219 ')).toEqual({ lat: -1.2921, lon: 36.8219 });
    expect(parsePair('-1.2921 36.8219')).toEqual({ lat: -1.2921, lon: 36.8219 });
    expect([parsePair(''), parsePair('PR6C+RR Nairobi'), parsePair('1,2,3'), parsePair('geo:1,2')]).toEqual([null, null, null, null]);
  });
});

describe('fields', () => {
  const build = () => {
    document.body.innerHTML = '<form><input name="lat"><input name="lon"><input name="name"><input name="city"></form>';
    const form = document.forms[0];
    if (!form) throw new Error('the form');
    const told: string[] = [];
    const fields = new Fields(form, '/where', { moved: () => told.push('moved'), placed: () => told.push('placed') });
    const tell = (name: string, type: string) =>
      form.querySelector(`[name=${name}]`)?.dispatchEvent(new Event(type, { bubbles: true }));
    return { form, fields, told, tell };
  };

  it('hold the point', () => {
    const { fields, form } = build();
    expect(fields.point).toBeNull();
    fields.point = { lat: 4.3276123, lon: 15.3136 };
    expect([...new FormData(form).values()].slice(0, 2)).toEqual(['4.32761', '15.3136']);
    expect(fields.point).toEqual({ lat: 4.32761, lon: 15.3136 });
  });

  it('tell of what concerns the map only, until they end', () => {
    const { fields, told, tell } = build();
    tell('lat', 'input');
    tell('name', 'input');
    tell('city', 'change');
    fields.end();
    tell('lon', 'input');
    expect(told).toEqual(['moved', 'placed']);
  });
});

it('a listing has its number and all of it in words', () => {
  const spot = { id: '7', lat: 1, lon: 2, number: 3, name: 'Clinic', description: 'clinic, 2 km', in_network: false, city_only: true };
  expect(markOf(spot)).toMatchObject({ text: '3', label: '3. Clinic, clinic, 2 km', classes: 'marker pin numbered outside ring' });
});

describe('pins that would lie on each other', () => {
  it('are one, which stands where the first is', () => {
    const places = [[0, 0], [100, 0], [20, 20], [100, 43], [300, 300]].map(([x = 0, y = 0]) => ({ x, y }));
    expect(gather(places)).toEqual([[0, 2], [1, 3], [4]]);
    expect(gather([])).toEqual([]);
  });

  it('leave no two pins nearer than a finger needs', () => {
    const places = Array.from({ length: 60 }, (_, place) => ({ x: (place * 37) % 200, y: (place * 53) % 150 }));
    const heads = gather(places).map(([first = 0]) => places[first] ?? { x: 0, y: 0 });
    for (const one of heads) for (const other of heads) if (one !== other) expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThanOrEqual(44);
  });

  it('say how many they are, and whether a zoom parts them', () => {
    const spot = { id: '7', lat: 1, lon: 2, number: 3, name: 'A', description: '', in_network: true, city_only: true };
    const other = { ...spot, id: '9', number: 5, name: 'B' };
    expect(markOfMany([spot, other], '{count} listings')).toMatchObject({ text: '2', label: '2 listings: 3. A, 5. B', classes: 'marker cluster same' });
    expect(markOfMany([spot, { ...other, lat: 1.5 }], '{count}').classes).toBe('marker cluster');
  });
});
