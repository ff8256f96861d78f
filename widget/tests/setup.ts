/** Every language at hand: what is on its way is a matter of tests/pieces.test.ts. */
import { ar } from '../src/i18n/ar';
import { es } from '../src/i18n/es';
import { fr } from '../src/i18n/fr';
import { CATALOGUES } from '../src/i18n/words';

Object.assign(CATALOGUES, { fr, es, ar });
