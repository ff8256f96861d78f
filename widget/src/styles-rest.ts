/** The look of what comes after the first card: filters, sheets and what is in them, paper. */
import { css, unsafeCSS } from 'lit';
import { LIGHT } from './styles';

export const restStyles = css`
  .filters { display: grid; gap: 20px; align-content: start; } .sheet .filters { margin-block-start: 12px; }
  .check { display: flex; gap: 8px; align-items: center; min-block-size: 40px; cursor: pointer; }
  .check input { inline-size: 20px; block-size: 20px; flex: none; accent-color: var(--brand); margin: 0; }
  mark { color: inherit; background: none; font-weight: 700; text-decoration: underline; }
  .plan-form { display: grid; gap: 12px; padding-block: 8px; } .plan-form select, .plan-form input[type='date'] { inline-size: 100%; } .plan-form small { display: block; }
  .plan-form input[type='date'] { min-block-size: 44px; padding: 8px 12px; border: 1px solid var(--border); border-radius: 6px; background: var(--paper); }
  .plan-actions { display: flex; flex-wrap: wrap; gap: 8px; }
  .root:not([data-layout='phone']) .plan-form { grid-template-columns: repeat(3, minmax(0, 1fr)); align-items: start; } .plan-form > :is(.check, .plan-note, .plan-actions) { grid-column: 1 / -1; }
  .outside { font-size: 0.9em; padding-block: 8px; } .outside ul { list-style: disc; padding-inline-start: 20px; } .outside summary { color: inherit; margin: 0; min-block-size: 32px; padding-block: 6px 0; text-decoration: underline; }
  .seek { margin-block-end: 4px; }
  .check-label { flex: 1; line-height: 1.3; } .count { color: var(--muted); }
  dialog.sheet { color: var(--ink); background: var(--paper); border: 0; border-radius: 6px; padding: 0 16px 24px; inline-size: min(44em, 100%); max-inline-size: 100%; max-block-size: 100%; overscroll-behavior: contain; box-shadow: 0 8px 40px rgb(0 0 0 / 40%); }
  dialog::backdrop { background: rgb(10 16 22 / 60%); }
  .root:not([data-layout='desk']) dialog.sheet { inline-size: 100%; block-size: 100%; margin: 0; border-radius: 0; }
  .sheet-bar { position: sticky; inset-block-start: 0; background: var(--paper); padding-block: 8px; display: flex; justify-content: space-between; align-items: center; gap: 8px; z-index: 2; } .sheet-bar button { margin-inline-start: auto; }
  .filter-sheet { padding-block-end: 0 !important; } .sheet-foot { position: sticky; inset-block-end: 0; margin: 16px -16px 0; padding: 12px 16px; background: var(--paper); border-block-start: 1px solid var(--hairline); } .sheet-foot .primary { inline-size: 100%; }
  .details h3 { margin-block: 20px 4px; }
  .details .actions { margin-block-start: 16px; } .details .actions > * { flex: 1 1 auto; justify-content: center; }
  .facts-list > div { display: grid; grid-template-columns: minmax(6em, 1fr) 2.5fr; gap: 8px; padding-block: 6px; border-block-end: 1px solid var(--hairline); }
  .facts-list dt { color: var(--muted); } .facts-list a { display: inline-block; min-block-size: 24px; }
  .hours { border-collapse: collapse; inline-size: 100%; } .hours th { text-align: start; font-weight: 400; padding-block: 2px; inline-size: 40%; }
  [aria-current='date'] > * { font-weight: 700 !important; }
  summary { cursor: pointer; color: var(--brand); min-block-size: 44px; padding-block: 10px; margin-block-start: 12px; }
  .report { display: grid; gap: 8px; }
  .telehealth { display: grid; gap: 6px; margin-block: 16px; padding: 12px 16px; border: 1px solid var(--border); border-radius: 6px; }
  provider-search-visit { display: block; margin-block: 12px; } .trust.old, .trust.mixed { font-weight: 600; }
  .nearest { display: grid; gap: 8px; margin-block: 16px; } .call { display: inline-block; padding-block: 8px; font-weight: 600; }
  .somewhere ul { display: grid; gap: 8px; } .somewhere a { display: inline-block; padding-block: 6px; } .somewhere small { display: block; }
  .ring { display: inline-block; inline-size: 0.8em; block-size: 0.8em; border: 2px solid var(--brand); border-radius: 50%; }
  .map:has(.somewhere) { overflow: auto; }
  .desk-card { text-align: center; font-size: 1.5em; line-height: 1.5; padding-block: 1em 2em; } .desk-name { font-size: 1.8em; font-weight: 700; line-height: 1.3; } .desk-address { margin-block: 0.8em; }
  .refused { margin-block: 8px; } .refused p { margin-block: 8px; } .refused h4, provider-search-help h4 { margin-block: 12px 4px; } .refused .desk-card { font-size: 1.1em; padding: 12px; border: 2px solid var(--border); border-radius: 6px; } .refused .desk-name { font-size: 1.2em; } provider-search-help .others { display: block; padding: 0; list-style: none; } provider-search-help .others li { display: flex; gap: 8px; justify-content: space-between; align-items: baseline; padding-block: 4px; } button.link { border: 0; background: none; padding: 6px 0; min-inline-size: 0; color: var(--brand); text-align: start; text-decoration: underline; font: inherit; cursor: pointer; } .help-line a { display: inline-block; padding-block: 8px; }
  @media print {
    .root, :host(:not([no])) .root { ${unsafeCSS(LIGHT)} --brand: #17212b; font-size: 7.5pt; line-height: 1.2; }
    provider-search-form, .mine, .ask, .bar, .map, aside, .tools, .chips, .actions, .more, .relax, .banner, .others, .number, .notice, .sheet-bar button, summary, .report { display: none !important; }
    .columns, .columns:has(~ provider-search-details dialog) { display: block !important; padding: 0; } .root:has(dialog.details) .columns { display: none !important; }
    .hits { display: block; columns: 3; column-gap: 6px; margin: 4px 0; } .stale { opacity: 1; }
    .card { break-inside: avoid; margin-block-end: 4px; padding: 3px 6px; gap: 0; border-color: #6b7785; } .card .what, .card .address, .card .local, .name a { -webkit-line-clamp: 1; }
    .pay { grid-template-columns: 1fr; gap: 2px; margin: 2px 0; } .pay-box { padding: 0 4px; border: 1px solid; background: none; color: #000; }
    .print-only { display: block; }
    dialog.sheet { position: static; inline-size: auto; max-block-size: none; padding: 0; box-shadow: none; overflow: visible; font-size: 10pt; } dialog::backdrop { display: none; }
  }
`;
