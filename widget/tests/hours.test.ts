import { describe, expect, it } from 'vitest';
import { openness, wallClock, type Openness } from '../src/hours/open';
import { parseHours, type Week } from '../src/hours/parse';

const at = (hours: number, minutes = 0) => hours * 60 + minutes;
const read = (text: string): Week => {
  const week = parseHours(text);
  if (!week) throw new Error(`not understood: ${text}`);
  return week;
};
const when = (hours: string, instant: string, zone: string): Openness => {
  const clock = wallClock(Date.parse(instant), zone);
  if (!clock) throw new Error(`no such zone: ${zone}`);
  return openness(read(hours), clock);
};

describe('hours are read', () => {
  it.each([
    ['Mo-Fr 08:00-17:00', [[480, 1020]], []],
    ['Mo-Fr 08:00-12:00,14:00-18:00; Sa 09:00-12:00', [[480, 720], [840, 1080]], [[540, 720]]],
    ['mo-su 8:00–20:00', [[480, 1200]], [[480, 1200]]],
    ['Mo-Fr 08:00-17:00, Sa 09:00-11:00', [[480, 1020]], [[540, 660]]],
    ['Sa-Th 09:00-17:00', [[540, 1020]], [[540, 1020]]],
    ['08:00-20:00; Sa off', [[480, 1200]], []],
    ['Mo,We,Fr 22:00-06:00', [[1320, 1800]], []],
  ])('%s', (text, monday, saturday) => {
    const spans = (day: number) => read(text).days[day]?.map(({ from, to }) => [from, to]);
    expect(spans(0)).toEqual(monday);
    expect(spans(5)).toEqual(saturday);
  });

  it('round the clock, as it is written and as it is meant', () => {
    expect(read('24/7').always).toBe(true);
    expect(read('Mo-Su 00:00-24:00').always).toBe(true);
    expect(read('Mo-Fr 00:00-24:00').always).toBe(false);
  });

  it('with what holds on public holidays', () => {
    expect(read('Mo-Sa 08:00-18:00; PH off').closedOnHolidays).toBe(true);
    expect(read('Mo-Sa 08:00-18:00').closedOnHolidays).toBe(false);
  });

  it.each(['Apr-Sep: Mo-Fr 08:00-17:00', 'sunrise-sunset', 'by appointment', 'Mo-Fr 8-17', 'Mo[1] 08:00-12:00', 'Mo-Fr 25:00-26:00', '', 'off'])(
    'and nothing is claimed of "%s"',
    (text) => expect(parseHours(text)).toBeNull(),
  );
});

describe('open now goes by the clock on the provider’s own wall', () => {
  it('in its zone, not in the reader’s', () => {
    // Wednesday 05:30 in London is 14:30 in Tokyo.
    expect(when('Mo-Fr 09:00-17:00', '2026-11-25T05:30:00Z', 'Asia/Tokyo')).toEqual({ kind: 'open', until: at(17) });
    expect(when('Mo-Fr 09:00-17:00', '2026-11-25T05:30:00Z', 'Europe/London')).toMatchObject({
      kind: 'closed',
      opens: { inDays: 0, at: at(9) },
    });
  });

  it('on another day than the reader’s', () => {
    // Sunday evening in UTC is Monday in Auckland.
    expect(when('Mo 08:00-12:00', '2026-11-22T20:00:00Z', 'Pacific/Auckland')).toEqual({ kind: 'open', until: at(12) });
  });

  it('by half hours and quarters', () => {
    expect(when('Mo-Su 09:00-17:00', '2026-11-25T03:14:00Z', 'Asia/Kathmandu')).toMatchObject({ kind: 'closed' });
    expect(when('Mo-Su 09:00-17:00', '2026-11-25T03:15:00Z', 'Asia/Kathmandu')).toMatchObject({ kind: 'open' });
  });

  it('before and after clocks are changed', () => {
    // In New York 9 o'clock is 13:00 UTC in summer time, until 1 November 2026, and 14:00 UTC from then on.
    const hours = 'Mo-Su 09:00-17:00';
    expect(when(hours, '2026-10-31T13:00:00Z', 'America/New_York').kind).toBe('open');
    expect(when(hours, '2026-11-01T13:59:00Z', 'America/New_York').kind).toBe('closed');
    expect(when(hours, '2026-11-01T14:00:00Z', 'America/New_York').kind).toBe('open');
    // In Paris 29 March 2026 has no time from 2 to 3 in the night.
    expect(when('Mo-Su 02:30-04:00', '2026-03-29T00:59:00Z', 'Europe/Paris')).toMatchObject({ kind: 'closed', opens: { at: at(2, 30) } });
    expect(when('Mo-Su 02:30-04:00', '2026-03-29T01:00:00Z', 'Europe/Paris')).toEqual({ kind: 'open', until: at(4) });
  });

  it('past midnight, into a day that is closed', () => {
    // Saturday 01:30 in Madrid.
    expect(when('Fr 22:00-06:00', '2026-11-28T00:30:00Z', 'Europe/Madrid')).toEqual({ kind: 'open', until: at(6) });
    expect(when('Fr 22:00-06:00', '2026-11-28T05:00:00Z', 'Europe/Madrid')).toMatchObject({ kind: 'closed', opens: { inDays: 6 } });
  });

  it('through spans that touch', () => {
    expect(when('Mo-Su 08:00-12:00,12:00-18:00', '2026-11-25T09:00:00Z', 'UTC')).toEqual({ kind: 'open', until: at(18) });
  });

  it('opens at the minute it says and closes at the minute it says', () => {
    const day = (time: string) => when('Mo-Su 08:00-12:00', `2026-11-25T${time}:00Z`, 'UTC').kind;
    expect([day('07:59'), day('08:00'), day('11:59'), day('12:00')]).toEqual(['closed', 'open', 'open', 'closed']);
  });

  it('tomorrow, or on the next day that it opens at all', () => {
    const opens = (instant: string) => when('Mo-Fr 08:00-17:00', instant, 'UTC');
    expect(opens('2026-11-26T18:00:00Z')).toEqual({ kind: 'closed', opens: { inDays: 1, day: 4, at: at(8) } });
    expect(opens('2026-11-27T18:00:00Z')).toEqual({ kind: 'closed', opens: { inDays: 3, day: 0, at: at(8) } });
    // Once a week, on this very day, and over for today.
    expect(when('We 08:00-09:00', '2026-11-25T10:00:00Z', 'UTC')).toMatchObject({ opens: { inDays: 7, day: 2 } });
  });

  it('and a zone that nobody knows tells nothing', () => expect(wallClock(0, 'Mars/Olympus')).toBeNull());
});
