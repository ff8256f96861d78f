// Fails when a file of the widget has grown beyond what a phone on a slow link is asked to fetch.
import { stat } from 'node:fs/promises';

const LIMITS_KB = { 'provider-search.js': 40, 'provider-search-map.js': 70, 'provider-search-details.js': 12, 'provider-search-rest.js': 12, 'provider-search-plan.js': 12, 'staff-map.js': 55 };

for (const [file, limit] of Object.entries(LIMITS_KB)) {
  const { size } = await stat(new URL(`../dist/${file}.gz`, import.meta.url));
  const kb = size / 1000;
  console.log(`${file}: ${kb.toFixed(1)} kB gzip of ${limit}`);
  if (kb > limit) process.exitCode = 1;
}
