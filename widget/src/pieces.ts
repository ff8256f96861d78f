/**
 * The pieces. The build makes a file of each import in here, named as the piece is: `provider-search-details.js`. What a piece
 * takes from modules of the first file is handed to it, so that nothing is loaded twice and no module has two lives.
 */
import { CATALOGUES } from './i18n/words';
import { Piece } from './piece';

export const PIECES = {
  fr: new Piece(() => import('./i18n/fr').then(({ fr }) => (CATALOGUES.fr = fr))),
  es: new Piece(() => import('./i18n/es').then(({ es }) => (CATALOGUES.es = es))),
  ar: new Piece(() => import('./i18n/ar').then(({ ar }) => (CATALOGUES.ar = ar))),
  /** What nobody needs before the first card is read: type-ahead, filters, paper. */
  rest: new Piece(() => import('./parts/rest')),
  plan: new Piece(() => import('./parts/plan')),
  details: new Piece(() => import('./parts/details')),
  map: new Piece(() => import('./parts/map')),
};
