import { beforeEach, describe, expect, it } from 'vitest';
import { Address } from '../src/address';
import { EMPTY, type Query } from '../src/query';

const GOMA: Query = { ...EMPTY, where: { kind: 'words', text: 'Goma & Gisenyi ~' } };
const me: Query = { ...EMPTY, where: { kind: 'me', lat: -1.287, lon: 36.822 } };

/** A page's window as far as addresses go, with its history. */
function page(href: string) {
  const steps = [href];
  const location = { href, get hash() {
    return new URL(steps.at(-1) ?? '').hash;
  } };
  const write = (at: number) => (_: unknown, __: string, to: string) => {
    steps.splice(at, steps.length, to);
    location.href = to;
  };
  const history = {
    state: { portal: 1 },
    pushState: (state: unknown, title: string, to: string) => write(steps.length)(state, title, to),
    replaceState: (state: unknown, title: string, to: string) => write(steps.length - 1)(state, title, to),
  };
  return { steps, window: { location, history } as unknown as Window };
}

let at: ReturnType<typeof page>;
beforeEach(() => (at = page('https://portal.example/care?x=1')));

describe('the address', () => {
  it('gets a step for each question, and gives it back', () => {
    const address = new Address('', at.window);
    expect(address.read()).toBeNull();
    expect(address.push(GOMA)).toBe(true);
    expect(at.steps).toHaveLength(2);
    expect(at.steps[1]).toMatch(/^https:\/\/portal\.example\/care\?x=1#ps:/);
    expect(new Address('', at.window).read()).toEqual(GOMA);
  });

  it('gets no step for what it says already', () => {
    const address = new Address('', at.window);
    address.push(GOMA);
    expect(address.push(GOMA)).toBe(false);
    expect(at.steps).toHaveLength(2);
  });

  it('is told anew without a step', () => {
    const address = new Address('', at.window);
    address.push(GOMA);
    address.replace({ ...GOMA, pages: 2 });
    expect(at.steps).toHaveLength(2);
    expect(address.read()?.pages).toBe(2);
  });

  it('holds several widgets, each by its id', () => {
    const [one, two] = [new Address('', at.window), new Address('second', at.window)];
    one.push(GOMA);
    two.push(me);
    expect([one.read(), two.read()]).toEqual([GOMA, me]);
    one.push(EMPTY);
    expect(two.read()).toEqual(me);
    expect(two.link(me)).not.toContain('#ps:');
  });

  it.each(['#/inbox', '#!/inbox'])('of a portal that routes by %s is left alone', (hash) => {
    at = page(`https://portal.example/${hash}`);
    const address = new Address('', at.window);
    expect(address.push(GOMA)).toBe(false);
    address.replace(GOMA);
    expect(at.steps).toEqual([`https://portal.example/${hash}`]);
  });

  it('of another’s anchor may be left', () => {
    at = page('https://portal.example/#help');
    expect(new Address('', at.window).read()).toBeNull();
    expect(new Address('', at.window).push(GOMA)).toBe(true);
  });
});
