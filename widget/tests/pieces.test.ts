/** Parts of the widget that come in files of their own: on their way, there, not there, once more. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ar } from '../src/i18n/ar';
import { CATALOGUES } from '../src/i18n/words';
import { load, Piece } from '../src/piece';
import { PIECES } from '../src/pieces';
import { leave, open, plain } from './page';
import { later } from './service';

afterEach(() => {
  leave();
  CATALOGUES.ar = ar;
});

/** A module at an address, as a browser may import it. */
const moduleOf = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;

describe('a file', () => {
  it('is a function of what it shares', async () => {
    const made = await load<{ sum: number }>([moduleOf('export default k=>({sum:k.one+k.two})')], 'about:blank', { one: 1, two: 2 }, 0);
    expect(made).toEqual({ sum: 3 });
  });

  it('that is gone is asked for by its plain name', async () => {
    const names = ['data:text/plain,gone', moduleOf('export default ()=>"plain"')];
    expect(await load(names, 'about:blank', {}, 0)).toBe('plain');
  });

  it('that needs what an older page does not share is refused', async () => {
    const code = 'export default k=>{for(let n of["later"])if(!(n in k))throw Error(n)}';
    await expect(load([moduleOf(code)], 'about:blank', {}, 0)).rejects.toThrow('later');
  });
});

describe('a piece', () => {
  it('is fetched once, whoever wants it, and tells all of them', async () => {
    const file = later<string>();
    const fetch = vi.fn(() => file.promise);
    const piece = new Piece(fetch);
    const [one, other] = [vi.fn(), vi.fn()];
    expect([piece.want(one), piece.want(other), piece.want(one)]).toEqual([null, null, null]);
    file.resolve('here');
    await piece.load();
    expect([fetch.mock.calls.length, one.mock.calls.length, other.mock.calls.length]).toEqual([1, 1, 1]);
    expect(piece.want(one)).toBe('here');
  });

  it('that failed is not asked for again by itself, and under another address when it is', async () => {
    const attempts: number[] = [];
    const piece = new Piece((attempt) => {
      attempts.push(attempt);
      return attempt ? Promise.resolve('here') : Promise.reject(new Error('no link'));
    });
    const told = vi.fn();
    piece.want(told);
    await expect(piece.load()).rejects.toThrow('no link');
    piece.want(told);
    expect([piece.failed, attempts]).toEqual([true, [0]]);
    piece.again();
    await piece.load();
    expect([piece.failed, piece.want(told), attempts]).toEqual([false, 'here', [0, 1]]);
    expect(told).toHaveBeenCalledTimes(2);
  });
});

describe('the reader’s language', () => {
  /** Arabic is on its way until it is told otherwise. */
  function arabicLater() {
    delete CATALOGUES.ar;
    const file = later<undefined>();
    const piece = new Piece(() => file.promise.then(() => (CATALOGUES.ar = ar)));
    vi.spyOn(PIECES, 'ar', 'get').mockReturnValue(piece);
    return file;
  }

  it('is waited for with what the page says, while the question is already asked in it', async () => {
    const file = arabicLater();
    const page = await open({ lang: 'ar' });
    expect(page.all('slot')).toHaveLength(1);
    expect(page.searches().map(({ params }) => params.lang)).toEqual(['ar']);
    file.resolve(undefined);
    await page.settle();
    expect(page.text('.submit')).toBe(ar.search);
    expect(page.one('.root').dir).toBe('rtl');
    expect(page.searches()).toHaveLength(1);
  });

  it('that does not come is English until it does', async () => {
    const file = arabicLater();
    const page = await open({ lang: 'ar' });
    file.reject(new Error('no link'));
    await page.settle();
    expect(page.text('.submit')).toBe('Search');
    expect([page.one('.root').dir, page.one('.root').lang]).toEqual(['ltr', 'en']);
    expect(plain(page.one('[part~=card]'))).toContain('Clinic 1');
  });
});
