/** What every part needs to show itself. */
import type { Client } from './api/client';
import type { Words } from './i18n/words';
import type { Filter, Query } from './query';
import type { Results, Session } from './session';

export type Layout = 'phone' | 'tablet' | 'desk';

export interface Context {
  readonly words: Words;
  readonly client: Client;
  readonly session: Session;
  readonly query: Query;
  readonly results: Results | null;
  readonly layout: Layout;
  readonly label: (filter: Filter, value: string) => string;
  /** A step to which the back button leads. Returns false where the portal keeps the search from going out. */
  readonly go: (query: Query) => boolean;
  readonly open: (id: string) => void;
  /** The page's address with this query in it. */
  readonly link: (query: Query) => string;
  /** The service's own search page, with this question and what is typed and not yet searched for. */
  readonly elsewhere: () => string;
  /** Said to screen readers when they have finished what they are saying. */
  readonly announce: (text: string) => void;
}
