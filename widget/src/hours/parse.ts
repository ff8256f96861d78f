/**
 * Opening hours in the syntax of OpenStreetMap, as far as directories of health care write it: days of the week, ranges,
 * several spans a day, across midnight, "24/7", "off", "PH off". Whatever else there is (months, weeks, sunrise, free
 * words) makes the whole unknown: it is then shown as it was written, and nothing is claimed of it.
 * https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification
 */

/** Minutes from midnight; `to` beyond 1440 reaches into the next day. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Week {
  /** Monday first. */
  readonly days: readonly (readonly Span[])[];
  readonly always: boolean;
  readonly closedOnHolidays: boolean;
}

const DAY = 1440;
const DAYS = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'];
const ALL = [0, 1, 2, 3, 4, 5, 6];
const OFF = /^(off|closed)$/;
const DAY_WORDS = /^((?:(?:mo|tu|we|th|fr|sa|su|ph|sh)(?:\s*-\s*(?:mo|tu|we|th|fr|sa|su))?\s*,?\s*)+)/;

/** The week that `text` describes; null where it says more, or something else, than a week. */
export function parseHours(text: string): Week | null {
  const plain = text.toLowerCase().replace(/[–—]/g, '-').trim();
  if (plain === '24/7') return everyDay([{ from: 0, to: DAY }]);
  const days: (readonly Span[])[] = ALL.map(() => []);
  let closedOnHolidays = false;
  for (const rule of splitRules(plain)) {
    const read = readRule(rule);
    if (!read) return null;
    if (read.holidays) closedOnHolidays = read.spans.length === 0;
    for (const day of read.days) days[day] = read.adds ? [...(days[day] ?? []), ...read.spans] : read.spans;
  }
  const week = days.map((spans) => [...spans].sort((one, other) => one.from - other.from));
  if (!week.some((spans) => spans.length)) return null;
  return { days: week, always: week.every(roundTheClock), closedOnHolidays };
}

function everyDay(spans: readonly Span[]): Week {
  return { days: ALL.map(() => spans), always: true, closedOnHolidays: false };
}

function roundTheClock(spans: readonly Span[]): boolean {
  return spans.some(({ from, to }) => from === 0 && to >= DAY - 1);
}

interface Rule {
  readonly text: string;
  /** After a comma, a rule adds to the one before; after a semicolon it replaces what it names. */
  readonly adds: boolean;
}

/** "Mo-Fr 08:00-12:00; Sa 09:00-11:00, Su 10:00-11:00" is three rules. */
function splitRules(text: string): Rule[] {
  return text.split(';').flatMap((part) =>
    part
      .split(/,(?=\s*(?:mo|tu|we|th|fr|sa|su|ph)\b[^,;]*(?:\d|off|closed))(?<=(?:\d|off|closed)\s*,)/)
      .map((rule, place) => ({ text: rule.trim(), adds: place > 0 }))
      .filter((rule) => rule.text),
  );
}

function readRule({ text, adds }: Rule) {
  const [head = ''] = DAY_WORDS.exec(text) ?? [];
  const rest = text.slice(head.length).replace(/^:\s*/, '').trim();
  const days = head ? readDays(head) : { days: ALL, holidays: false };
  const spans = OFF.test(rest) ? [] : readSpans(rest);
  return days && spans ? { ...days, spans, adds } : null;
}

function readDays(text: string): { days: number[]; holidays: boolean } | null {
  const days = new Set<number>();
  let holidays = false;
  for (const word of text.split(/,|\s+(?=[a-z])/).map((part) => part.replace(/\s/g, '')).filter(Boolean)) {
    if (word === 'ph') {
      holidays = true;
      continue;
    }
    const [first = '', last = first] = word.split('-');
    const from = DAYS.indexOf(first);
    const to = DAYS.indexOf(last);
    if (from < 0 || to < 0) return null;
    // "Sa-Th" goes over the end of the week.
    for (let day = from; ; day = (day + 1) % 7) {
      days.add(day);
      if (day === to) break;
    }
  }
  return { days: [...days], holidays };
}

function readSpans(text: string): Span[] | null {
  const spans = text.split(',').map((part) => readSpan(part.trim()));
  return spans.every((span) => span !== null) ? spans : null;
}

function readSpan(text: string): Span | null {
  const match = /^(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$/.exec(text);
  if (!match) return null;
  const [fromHour = NaN, fromMinute = NaN, toHour = NaN, toMinute = NaN] = match.slice(1).map(Number);
  const from = fromHour * 60 + fromMinute;
  const to = toHour * 60 + toMinute;
  if (fromMinute > 59 || toMinute > 59 || from >= DAY || to > 2 * DAY) return null;
  // "22:00-06:00" ends on the next morning; "00:00-00:00" is a whole day.
  return { from, to: to <= from ? to + DAY : to };
}
