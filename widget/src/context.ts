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
  /** Prefix of ids; the shadow root is the widget's own, so they need to be unique in it only. */
  label(filter: Filter, value: string): string;
  /** A step to which the back button leads. */
  go(query: Query): void;
  open(id: string): void;
  link(query: Query): string;
  announce(text: string): void;
}
