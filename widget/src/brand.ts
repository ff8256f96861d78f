/**
 * The colours that a portal gives, looked at before they are used: what is read in them has 4.5:1 (WCAG AA) against the
 * grounds that it stands on, in the light and in the dark. A colour that has it stays as it is; another one is made
 * darker or lighter, in its own hue, until it has.
 */

/** Red, green and blue, 0 to 255. */
export type Colour = readonly number[];

const LEAST = 4.5;
const SHARES = [0.2126, 0.7152, 0.0722];
const STEPS = 50;

function luminance(colour: Colour): number {
  const linear = (share: number) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);
  return SHARES.reduce((sum, share, at) => sum + share * linear((colour[at] ?? 0) / 255), 0.05);
}

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(one: Colour, other: Colour): number {
  const ratio = luminance(one) / luminance(other);
  return Math.max(ratio, 1 / ratio);
}

/** The colour itself where it can be read on all the grounds, else the nearest shade of it that can. */
export function legible(colour: Colour, grounds: readonly Colour[]): Colour {
  const least = (each: Colour) => Math.min(...grounds.map((ground) => contrast(each, ground)));
  const end = least([0, 0, 0]) > least([255, 255, 255]) ? 0 : 255;
  let shade = colour;
  for (let step = 1; least(shade) < LEAST && step <= STEPS; step++) {
    shade = colour.map((part) => Math.round(part + ((end - part) * step) / STEPS));
  }
  return shade;
}

const NAMES = ['brand', 'on-brand', 'paper', 'surface'];
/** What was looked at last, to do it once. */
const checked = new WeakMap<HTMLElement, string>();
let canvas: CanvasRenderingContext2D | null = null;

/** Any colour that CSS knows; null for what is none, and where nothing is drawn. */
function read(text: string): Colour | null {
  canvas ??= document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!canvas || !CSS.supports('color', text)) return null;
  canvas.fillStyle = text;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

/** Puts right what `host` was given, on `root`: everything in there takes it from there. */
export function checkBrand(host: HTMLElement, root: HTMLElement): void {
  const given = getComputedStyle(host).getPropertyValue('--provider-search-brand');
  if (!given) return; // the widget's own, which is legible
  const style = getComputedStyle(root);
  const key = ['paper', 'surface'].reduce((said, name) => said + style.getPropertyValue(`--${name}`), given);
  if (checked.get(root) === key) return;
  checked.set(root, key);
  root.style.setProperty('--provider-search-brand', given);
  root.style.removeProperty('--provider-search-on-brand');
  const [brand, on, paper, surface] = NAMES.map((name) => read(style.getPropertyValue(`--${name}`)));
  if (!brand || !on || !paper || !surface) return;
  const right = legible(brand, [paper, surface]);
  if (right !== brand) root.style.setProperty('--provider-search-brand', `rgb(${right.join()})`);
  // What can be read on paper, paper can be read on.
  if (contrast(on, right) < LEAST) root.style.setProperty('--provider-search-on-brand', 'var(--paper)');
}
