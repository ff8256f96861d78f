/** What a page of proposals gives to its map, as JSON in attributes: the words of its language, and what lies where. */

export interface StaffWords {
  /** The map's accessible name. */
  readonly label: string;
  /** How to use it by keyboard; read out as its description. */
  readonly instructions: string;
  readonly zoom_in: string;
  readonly zoom_out: string;
  /** "Base map: {sources}". */
  readonly attribution: string;
  /** "{count} listings": those that lie too near to each other for a pin each. */
  readonly several: string;
  /** What the marked point is. */
  readonly here: string;
  /** Where the map sets a point. */
  readonly pick?: PickWords;
}

export interface PickWords {
  readonly locate: string;
  readonly remove: string;
  /** "The point is set: {point}". */
  readonly set: string;
  readonly removed: string;
  /** The device does not say where it is, or may not. */
  readonly nowhere: string;
}

export interface Spot {
  readonly id: string;
  readonly lat: number;
  readonly lon: number;
  /** Its place in the page's list, from 1. */
  readonly number: number;
  readonly name: string;
  readonly description: string;
  readonly in_network: boolean;
  /** Only its city is known. */
  readonly city_only: boolean;
}

export interface PointOf {
  readonly lat: number;
  readonly lon: number;
}

/** The proposed provider; `exact` is false where its city is all that is known. */
export interface Here extends PointOf {
  readonly exact: boolean;
}
