/** Whether a provider is open at a moment, by the clock on its own wall. */
import type { Week } from './parse';

export type Openness =
  | { readonly kind: 'always' }
  /** `until`: minutes from midnight, of today or of the night after. */
  | { readonly kind: 'open'; readonly until: number }
  /** `inDays` 0: later today. */
  | { readonly kind: 'closed'; readonly opens: { readonly inDays: number; readonly day: number; readonly at: number } | null };

export interface WallClock {
  /** 0: Monday. */
  readonly day: number;
  /** From midnight. */
  readonly minutes: number;
}

const DAY = 1440;
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** The weekday and time that a clock in `timeZone` shows at `ms`; null where the zone is none that the browser knows. */
export function wallClock(ms: number, timeZone: string): WallClock | null {
  try {
    const how = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone } as const;
    const parts = new Intl.DateTimeFormat('en-US', how).formatToParts(new Date(ms));
    const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
    return { day: WEEKDAYS.indexOf(part('weekday')), minutes: Number(part('hour')) * 60 + Number(part('minute')) };
  } catch {
    return null;
  }
}

/** Whether two zones show the same time at `ms`: then nothing needs to be said of them. */
export function sameTime(ms: number, timeZone: string): boolean {
  const there = wallClock(ms, timeZone);
  const here = wallClock(ms, Intl.DateTimeFormat().resolvedOptions().timeZone);
  return there?.day === here?.day && there?.minutes === here?.minutes;
}

export function openness(week: Week, { day, minutes }: WallClock): Openness {
  if (week.always) return { kind: 'always' };
  const until = openUntil(week, day, minutes);
  if (until !== null) return { kind: 'open', until };
  for (let inDays = 0; inDays <= 7; inDays++) {
    const that = (day + inDays) % 7;
    const next = (week.days[that] ?? []).find((span) => inDays > 0 || span.from > minutes);
    if (next) return { kind: 'closed', opens: { inDays, day: that, at: next.from } };
  }
  return { kind: 'closed', opens: null };
}

/** When the span that holds this moment ends, seen from this day's midnight; spans that touch are one. */
function openUntil(week: Week, day: number, minutes: number): number | null {
  let end: number | null = null;
  // Spans of yesterday that reach over midnight, of today, and of the days after, on one line of time.
  const spans = [-1, 0, 1, 2].flatMap((off) =>
    (week.days[(day + off + 7) % 7] ?? []).map(({ from, to }) => ({ from: from + off * DAY, to: to + off * DAY })),
  );
  for (const { from, to } of spans) {
    if (end === null ? from <= minutes && minutes < to : from <= end && to > end) end = to;
  }
  return end;
}
