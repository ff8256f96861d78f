/** What the public interface answers, as its OpenAPI document describes it. */
import type { Precision } from '../map/contract';

export type Way = 'card' | 'guarantee_letter' | 'none';
export type Setting = 'outpatient' | 'inpatient';

export interface Agreement {
  readonly network: string;
  readonly outpatient: Way;
  readonly inpatient: Way;
  readonly tariff: boolean;
  readonly notice_days: number | null;
  /** One that is suspended pays nothing until it comes back. */
  readonly status?: 'active' | 'suspended';
  /** ISO 8601; null where nobody knows yet. */
  readonly suspended_until?: string | null;
  /** What to do meanwhile, in the words of the network team. */
  readonly instead?: string | null;
}

/** Members told lately that the card was refused here. */
export interface Caution {
  readonly reports: number;
  readonly last_on: string;
  readonly sentence: string;
}

export interface Line {
  readonly number: string;
  readonly number_shown: string;
  readonly toll_free: boolean;
  readonly hours: string;
  readonly note: string | null;
}

/** What helps where the card is refused, or not taken for a while. */
export interface Now {
  readonly call: Line | null;
  readonly sheet: { readonly lang: string; readonly dir: string; readonly title: string; readonly lines: readonly string[] };
  readonly nearest: readonly Item[];
  readonly letter: string | null;
  readonly claim: string;
  readonly keep_receipt: string;
}

export type CoverageValue = 'home' | 'regional' | 'outside';

export interface SettingVerdict {
  readonly value: Way;
  readonly sentence: string;
  /** Where a letter is asked for: a number to dial, or an address of the service. */
  readonly ask_at?: string;
}

/** What holds where the searched place lies outside the member's area. */
export interface OutsideArea {
  readonly place: string;
  readonly sentences: readonly string[];
}

/** How the plan was understood. */
export interface Insured {
  readonly plan: string;
  readonly label: string;
  readonly duty: string | null;
  readonly duty_label: string | null;
}

export interface Plan {
  readonly code: string;
  readonly label: string;
  readonly networks: readonly string[];
  /** The countries of duty that it has a rule for. */
  readonly duty: readonly string[];
}

export interface Name {
  readonly text: string;
  readonly lang: string | null;
  /** ISO 15924. */
  readonly script: string;
}

export interface Item {
  readonly id: string;
  readonly revision: number;
  readonly name: string;
  readonly names: readonly Name[];
  readonly type: string;
  readonly type_label: string;
  readonly specialties: readonly string[];
  readonly specialty_labels: readonly string[];
  readonly address: string | null;
  readonly postal_code: string | null;
  readonly country: string;
  readonly country_label: string;
  readonly region: string | null;
  readonly city: string | null;
  /** In the reader's language. */
  readonly city_label: string | null;
  readonly location: { readonly lat: number; readonly lon: number; readonly precision: Precision } | null;
  readonly distance_km: number | null;
  readonly time_zone: string | null;
  readonly phones: readonly string[];
  readonly email: string | null;
  readonly website: string | null;
  readonly languages: readonly string[];
  readonly hours: string | null;
  readonly agreements: readonly Agreement[];
  readonly caution?: Caution | null;
  readonly status: 'active' | 'suspended';
  /** How the member's plan pays; only with a plan. */
  readonly verdict?: Readonly<Record<Setting, SettingVerdict>>;
  /** Whether other plans pay otherwise; only without a plan. */
  readonly depends_on_plan?: Readonly<Record<Setting, boolean>>;
  /** Where it lies to the member's area; only with a plan that has a rule and a country of duty. */
  readonly coverage?: { readonly value: CoverageValue; readonly label: string; readonly sentence: string };
  /** In another country than the place that was searched around. */
  readonly across_border?: { readonly country: string; readonly sentence: string } | null;
  /** ISO 8601. */
  readonly verified_on: string | null;
  readonly verified_by_label: string | null;
  readonly trust: Trust;
}

export interface Trust {
  readonly kind: 'accepted' | 'mixed' | 'confirmed' | 'old' | 'never';
  readonly sentence: string;
  /** The number that the sentence says to call first. */
  readonly call: string | null;
}

/** Care by video or telephone, where nothing suitable is near or open. */
export interface Telehealth {
  readonly label: string;
  readonly sentence: string;
  readonly caution: string;
  readonly spoken: string;
  readonly url: string;
  readonly apps: readonly { readonly system: string; readonly url: string }[];
}

/** What came of saying whether a provider took the card. */
export interface Heard {
  readonly counted: boolean;
  readonly sentence: string;
  /** After a refusal: the kind of report that tells more. */
  readonly report: ReportKind | null;
}

export interface FacetValue {
  readonly value: string;
  readonly label: string;
  readonly count: number;
  readonly selected: boolean;
}

export type FacetName =
  | 'country'
  | 'city'
  | 'type'
  | 'specialty'
  | 'settlement'
  | 'tariff'
  | 'language'
  | 'network'
  | 'coverage';

export type Facets = Readonly<Partial<Record<FacetName, readonly FacetValue[]>>>;

export interface Place {
  readonly id: string;
  readonly kind: 'city' | 'region' | 'district' | 'airport';
  readonly name: string;
  readonly country: string;
  readonly country_label: string;
  readonly region: string | null;
  readonly location: { readonly lat: number; readonly lon: number };
  readonly population: number;
}

export interface WhereAnswer {
  readonly lat: number;
  readonly lon: number;
  readonly radius_km: number;
  readonly place: Place | null;
  readonly alternatives: readonly Place[];
  /** No place is called as it was typed: a near spelling was taken. */
  readonly corrected?: boolean;
}

/** Exactly so many, or at least. */
export type Relation = 'eq' | 'gte';

export interface Relaxation {
  readonly parameter: string;
  readonly value: string | null;
  readonly label: string;
  readonly total: number;
  readonly relation: Relation;
}

/** A part of the words, with what it was read as. */
interface Read {
  readonly label: string;
  readonly words: string;
}

export interface Understood {
  readonly which: readonly Read[];
  readonly where: {
    readonly words: string;
    readonly place: { readonly name: string } | null;
    readonly country_label: string | null;
    readonly asks_for_point: boolean;
  } | null;
  readonly pay: readonly Read[];
  readonly language: readonly Read[];
  readonly open_now_words: string | null;
  readonly who: { readonly words: string } | null;
  readonly as_typed: boolean;
  readonly set_aside: readonly ('language' | 'open_now' | 'settlement')[];
}

export interface SearchAnswer {
  readonly items: readonly Item[];
  readonly total: { readonly value: number; readonly relation: Relation };
  readonly facets: Facets;
  readonly facets_left_out: readonly string[];
  readonly where: WhereAnswer | null;
  /** null without words. */
  readonly understood?: Understood | null;
  readonly relaxations: readonly Relaxation[];
  /** Where nothing is within the radius: what is nearest beyond it. */
  readonly nearest?: { readonly any: Item | null; readonly card: Item | null } | null;
  /** Whether a plan may be said. */
  readonly takes_plan?: boolean;
  readonly insured?: Insured | null;
  readonly outside_area?: OutsideArea | null;
  readonly telehealth?: Telehealth | null;
  /** Where nothing is found: whom to call. */
  readonly helpline?: string | null;
  readonly links: { readonly next: string | null };
  readonly forgiving: boolean;
  /** Of the total; null on the later pages of a forgiving search. */
  readonly found_as_typed: number | null;
  readonly degraded: boolean;
  readonly notice?: string;
}

export interface Suggestion {
  readonly kind: 'specialty' | 'type' | 'place' | 'provider';
  readonly code?: string;
  readonly id?: string;
  readonly label: string;
  readonly detail: string | null;
}

export interface Code {
  readonly code: string;
  readonly label: string;
  readonly synonyms?: readonly string[];
}

export interface Codes {
  readonly types: readonly Code[];
  readonly specialties: readonly Code[];
  readonly networks: readonly Code[];
  readonly languages: readonly Code[];
  readonly countries: readonly Code[];
  readonly plans?: readonly Plan[];
}

export type ReportKind = 'wrong_details' | 'closed' | 'card_refused' | 'other';

export interface Report {
  readonly kind: ReportKind;
  readonly text: string;
  readonly contact?: string;
}

export interface ProblemFault {
  readonly parameter?: string;
  readonly pointer?: string;
  readonly message: string;
  readonly allowed?: readonly string[];
}

/** RFC 9457. */
export interface ProblemAnswer {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly ProblemFault[];
  readonly reason?: string | null;
  readonly replaced_by?: string | null;
}
