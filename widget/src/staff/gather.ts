/** Pins that would lie on each other at a zoom, as one. */

export interface Spread {
  readonly x: number;
  readonly y: number;
}

/** As far apart as fingers need it: the size of a pin. */
export const APART = 44;

/** The places of `points` in groups, in their order: each is nearer than `apart` to the first of its group. */
export function gather(points: readonly Spread[], apart = APART): number[][] {
  const groups: number[][] = [];
  for (const [place, { x, y }] of points.entries()) {
    const near = groups.find(([first]) => {
      const head = first === undefined ? undefined : points[first];
      return head !== undefined && Math.hypot(head.x - x, head.y - y) < apart;
    });
    if (near) near.push(place);
    else groups.push([place]);
  }
  return groups;
}
