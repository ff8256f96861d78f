/** What the tests know of the service: answers as it gives them, and an HTTP server that gives them when it is told to. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FacetValue, Item, Place, SearchAnswer } from '../src/api/types';

export function item(id: string, change: Partial<Item> = {}): Item {
  return {
    id,
    revision: 1,
    name: `Clinic ${id}`,
    names: [{ text: `Clinic ${id}`, lang: 'en', script: 'Latn' }],
    type: 'clinic',
    type_label: 'Clinic',
    specialties: [],
    specialty_labels: [],
    address: 'Ngong Road',
    postal_code: null,
    country: 'KE',
    country_label: 'Kenya',
    region: null,
    city: 'Nairobi',
    city_label: 'Nairobi',
    location: { lat: -1.28, lon: 36.82, precision: 'exact' },
    distance_km: 1.4,
    time_zone: 'Africa/Nairobi',
    phones: ['+254700000000'],
    email: 'desk@clinic.example',
    website: 'https://clinic.example/',
    languages: ['en', 'sw'],
    hours: 'Mo-Su 08:00-20:00',
    agreements: [{ network: 'worldwide', outpatient: 'card', inpatient: 'guarantee_letter', tariff: true, notice_days: 8 }],
    status: 'active',
    verified_on: '2026-08-12',
    verified_by_label: 'the network team',
    trust: { kind: 'confirmed', sentence: 'Confirmed on 12 Aug 2026 by the network team', call: null },
    ...change,
  };
}

export function facet(value: string, label: string, count: number, selected = false): FacetValue {
  return { value, label, count, selected };
}

export const NAIROBI: Place = {
  id: '184745',
  kind: 'city',
  name: 'Nairobi',
  country: 'KE',
  country_label: 'Kenya',
  region: null,
  location: { lat: -1.28333, lon: 36.81667 },
  population: 2_750_547,
};

export function answer(items: readonly Item[], change: Partial<SearchAnswer> = {}): SearchAnswer {
  return {
    items,
    total: { value: items.length, relation: 'eq' },
    facets: {},
    facets_left_out: [],
    where: null,
    relaxations: [],
    links: { next: null },
    forgiving: false,
    found_as_typed: items.length,
    degraded: false,
    ...change,
  };
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on a free port of this machine. */
export async function serve(handler: Handler): Promise<{ base: string; server: Server; close: () => Promise<void> }> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { base, server, close };
}

export function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json', ...headers });
  response.end(JSON.stringify(body));
}

/** A promise that is settled from outside. */
export function later<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: unknown) => void } {
  let [resolve, reject]: [(value: T) => void, (error: unknown) => void] = [() => undefined, () => undefined];
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
