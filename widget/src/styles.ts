/**
 * The look. Sheets adopted by the shadow root: a strict Content-Security-Policy has nothing to refuse. What the first card does
 * not need is in styles-rest.ts.
 *
 * `.root` is where no rule of the page reaches: whatever the page makes its text inherit ends there (`all: initial`). Where
 * fields stand below each other a list of choices pushes what follows down, and covers no field and no button.
 */
import { css, unsafeCSS } from 'lit';

export const LIGHT = `--ink:var(--provider-search-ink,#17212b);--paper:var(--provider-search-paper,#fff);--muted:var(--provider-search-muted,#4b5868);--surface:var(--provider-search-surface,#f3f6f7);--border:var(--provider-search-border,#6b7785);--hairline:var(--provider-search-hairline,#d5dbe1);--brand:var(--provider-search-brand,#0b6b66);--on-brand:var(--provider-search-on-brand,#fff);--card-ink:#145c32;--card-ground:#e4f3e9;--letter-ink:#704400;--letter-ground:#fff1d6;--claim-ink:#4b5868;--claim-ground:#eceff2;--caution-ink:#9b1c22;--caution-ground:#fde9e9;color-scheme:light;`;
const DARK = `--ink:var(--provider-search-ink,#e8edf2);--paper:var(--provider-search-paper,#121920);--muted:var(--provider-search-muted,#aab6c3);--surface:var(--provider-search-surface,#1a232c);--border:var(--provider-search-border,#7c8a99);--hairline:var(--provider-search-hairline,#33404d);--brand:var(--provider-search-brand,#5fd0c6);--on-brand:var(--provider-search-on-brand,#121920);--card-ink:#9be0b5;--card-ground:#15321f;--letter-ink:#ffd08a;--letter-ground:#3a2a0c;--claim-ink:#c3ccd6;--claim-ground:#242e38;--caution-ink:#ffb0b3;--caution-ground:#431517;color-scheme:dark;`;

export const styles = css`
  :host { display: block; }
  .root { all: initial; display: block; ${unsafeCSS(LIGHT)} }
  @media (prefers-color-scheme: dark) { :host(:not([theme='light'])) .root { ${unsafeCSS(DARK)} } }
  :host([theme='dark']) .root { ${unsafeCSS(DARK)} }
  *, ::before, ::after { box-sizing: border-box; }
  .root { --line: 1.5; font-family: var(--provider-search-font, system-ui, 'Noto Sans', 'Noto Sans Arabic', 'Noto Sans CJK SC', sans-serif); font-size: max(1rem, 16px); line-height: var(--line); color: var(--ink); background: var(--paper); overflow-wrap: break-word; }
  .root[dir='rtl'] { --line: 1.7; font-size: max(1.1rem, 17.6px); }
  h2, h3, p, ul, ol, dl, dd, fieldset { margin: 0; padding: 0; border: 0; }
  ul, ol { list-style: none; }
  h2 { font-size: 1.44em; line-height: 1.3; } h3 { font-size: 1.1em; }
  small { font-size: 0.85em; color: var(--muted); }
  a { color: var(--brand); }
  [hidden] { display: none !important; }
  .hidden { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  :focus-visible { outline: 3px solid #ffb81c; outline-offset: 1px; box-shadow: 0 0 0 1px #17212b; border-radius: 4px; }
  button, input, select, textarea { font: inherit; color: inherit; }
  button, .button, select { min-block-size: 44px; padding: 6px 12px; border: 1px solid var(--border); border-radius: 6px; background: var(--paper); color: var(--brand); cursor: pointer; display: inline-flex; align-items: center; gap: 6px; text-decoration: none; }
  select { color: var(--ink); max-inline-size: 100%; }
  button:hover, .button:hover { background: var(--surface); }
  button[disabled] { opacity: 0.7; cursor: default; }
  .primary { background: var(--brand); border-color: var(--brand); color: var(--on-brand); font-weight: 600; justify-content: center; }
  .primary:hover { background: var(--brand); filter: brightness(0.92); }
  .quiet { border-color: transparent; background: none; padding-inline: 6px; text-align: start; }
  input[type='text'], textarea { inline-size: 100%; min-block-size: 44px; padding: 8px 12px; border: 1px solid var(--border); border-radius: 6px; background: var(--paper); }
  ::placeholder { color: var(--muted); opacity: 1; }
  .label, legend { display: block; font-weight: 600; padding: 0; margin-block-end: 4px; }

  .form { display: grid; grid-template-columns: minmax(0, 1fr); gap: 12px; padding: 16px; background: var(--surface); }
  .control { position: relative; }
  .control input { padding-right: 44px; }
  [dir='rtl'] .control input { padding-right: 12px; padding-left: 44px; text-align: right; }
  .clear { position: absolute; inset-inline-end: 1px; inset-block-start: 1px; min-block-size: 42px; inline-size: 40px; justify-content: center; border: 0; background: none; font-size: 1.2em; color: var(--muted); }
  .choices { position: absolute; z-index: 5; inset-inline: 0; inset-block-start: calc(100% + 4px); max-block-size: 20em; overflow: auto; background: var(--paper); border: 1px solid var(--border); border-radius: 6px; box-shadow: 0 6px 20px rgb(0 0 0 / 25%); }
  .root:not([data-layout='desk']) .choices { position: static; margin-block-start: 4px; max-block-size: 14em; box-shadow: none; }
  .choice { padding: 8px 12px; min-block-size: 44px; cursor: pointer; display: flex; flex-wrap: wrap; gap: 0 8px; align-items: baseline; }
  .choice[aria-selected='true'], .choice:hover { background: var(--surface); box-shadow: inset 4px 0 var(--brand); }
  .choice-detail { color: var(--muted); font-size: 0.88em; }
  .where-more { display: flex; flex-wrap: wrap; gap: 4px 8px; margin-block-start: 8px; align-items: center; justify-content: space-between; }
  .radius { min-inline-size: 0; }
  .folded { padding: 8px 16px; }
  .fold { justify-content: space-between; gap: 4px 12px; flex-wrap: wrap; color: var(--ink); text-align: start; min-inline-size: 0; inline-size: 100%; }
  .said { flex: 1 1 10em; min-inline-size: 0; } .change { color: var(--brand); text-decoration: underline; }
  .form .other { justify-self: start; min-block-size: 36px; padding-block: 2px; }
  .icon-here::before { content: '◎'; }
  .form-notice:empty { display: none; }
  .submit { align-self: start; padding-inline: 20px; }

  .columns { display: grid; gap: 16px; padding: 16px; }
  .head { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; justify-content: space-between; }
  .head h2 { font-size: 1.2em; flex: 1 1 9em; }
  .skip:not(:focus) { position: absolute; clip-path: inset(50%); }
  .tools { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin-block: 16px; }
  .chips { display: flex; flex-wrap: wrap; gap: 8px; margin-block: 12px 0; }
  .chip { border-radius: 22px; background: var(--surface); color: var(--ink); min-block-size: 36px; text-align: start; }
  .hits { display: grid; gap: 8px; margin-block-start: 12px; }
  .stale { opacity: 0.6; }
  .card { border: 1px solid var(--hairline); border-radius: 6px; padding: 8px 12px; background: var(--paper); display: grid; gap: 2px; }
  .card > * { min-inline-size: 0; } .card :is(a, button), .more, .tools button { scroll-margin-block: 12px 72px; }
  .about { display: flex; flex-wrap: wrap; gap: 0 12px; } .about p { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; max-inline-size: 100%; } .about .address { flex: 1 1 0; min-inline-size: min(100%, 12em); }
  [data-large] .about p { white-space: normal; }
  .card.active { border-color: var(--brand); box-shadow: 0 0 0 1px var(--brand); }
  .card header { display: flex; flex-wrap: wrap; gap: 0 8px; align-items: baseline; }
  .name { flex: 1 1 8em; font-size: 1.15em; line-height: 1.3; }
  .name a { text-decoration: none; }
  .name a:hover { text-decoration: underline; }
  .number { flex: none; min-inline-size: 2em; line-height: 2em; padding-inline: 4px; text-align: center; border-radius: 1em; align-self: start; background: var(--brand); color: var(--on-brand); font-size: 0.8em; font-weight: 600; }
  .distance { white-space: nowrap; } .vague { white-space: normal; max-inline-size: 40%; text-align: end; color: var(--muted); font-size: 0.88em; }
  .local, .address, .facts, .confirmed { color: var(--muted); }
  .facts, .confirmed { font-size: 0.9em; }
  .open { color: var(--card-ink); font-weight: 600; } .shut { color: var(--muted); }
  .pay { display: grid; gap: 3px; margin-block: 2px; } .pay-long { grid-template-columns: repeat(auto-fit, minmax(min(100%, 8.5em), 1fr)); gap: 8px; margin-block: 4px; }
  .pay-box { border-radius: 6px; padding: 2px 10px; }
  .pay:not(.pay-long) .pay-box { display: flex; flex-wrap: wrap; gap: 0 8px; align-items: baseline; } .pay:not(.pay-long) dt { min-inline-size: 5.5em; } .pay:not(.pay-long) dd { flex: 1 1 9em; align-items: baseline; } .pay .shape { align-self: start; } .pay-long .pay-box { padding: 8px 12px; }
  .pay-box dt { font-size: 0.85em; } .pay-box small { color: inherit; } .pay-box dd small { font-weight: 400; } .pay-long dt small { display: block; }
  .pay-box dd { display: flex; gap: 6px; font-weight: 600; line-height: 1.35; hyphens: auto; }
  .pay-card { background: var(--card-ground); color: var(--card-ink); }
  .pay-guarantee_letter { background: var(--letter-ground); color: var(--letter-ink); }
  .pay-range { box-shadow: inset 0 0 0 1px var(--border); } .pay-range span { display: block; } .pay-range span::first-letter { text-transform: uppercase; }
  .pay-none { background: var(--claim-ground); color: var(--claim-ink); }
  .ask { display: inline-block; color: inherit; font-weight: 400; padding-block: 2px; }
  .area { font-size: 0.9em; color: var(--muted); } .area-outside { font-weight: 600; color: var(--ink); }
  .mine { background: var(--surface); padding: 0 16px 8px; } .mine > .quiet { inline-size: 100%; justify-content: space-between; gap: 0 12px; flex-wrap: wrap; min-block-size: 36px; padding: 2px 0; color: var(--ink); font-size: 0.9em; }
  [data-layout='desk'] .mine:has([aria-expanded='false']) { margin: -60px 0 0; margin-inline-start: 35%; padding-block: 12px; background: none; }
  .shape { inline-size: 1.1em; block-size: 1.35em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.8; }
  .card footer { display: flex; flex-wrap: wrap; gap: 4px 8px; align-items: center; justify-content: space-between; } .card .facts { flex: 1 1 8em; line-height: 1.35; }
  .card .actions { gap: 6px; } .card .button { padding-inline: 10px; }
  [data-layout='phone'] .go::before { content: '➤' / ''; } [data-layout='phone'] .way { display: none; }
  .root[data-layout='desk'] .card .button { min-block-size: 36px; padding-block: 2px; }
  .actions { display: flex; flex-wrap: wrap; gap: 8px; }
  .banner, .caution { padding: 12px; border-radius: 6px; background: var(--letter-ground); color: var(--letter-ink); margin-block: 8px; }
  .caution { background: var(--caution-ground); color: var(--caution-ink); }
  .toast { position: fixed; inset: auto 16px 68px; z-index: 6; box-shadow: 0 8px 40px rgb(0 0 0 / 40%); } .toast .banner { margin: 0; }
  .relax { margin-block: 16px; display: grid; gap: 8px; } .relax ul { display: grid; gap: 8px; justify-items: start; }
  .suggested { display: inline-block; text-align: start; }
  .others { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin-block: 8px; } .others .suggested { min-block-size: 36px; padding-block: 2px; font-size: 0.9em; }
  .more { margin-block: 16px; inline-size: 100%; justify-content: center; }
  .notice { color: var(--muted); font-size: 0.85em; padding: 0 16px 16px; }
  .skeleton { margin-block-end: 12px; block-size: 11em; border-radius: 6px; background: linear-gradient(90deg, var(--surface), var(--hairline), var(--surface)) 0 / 300% 100%; animation: shimmer 1.6s linear infinite; }
  @keyframes shimmer { from { background-position: 100% 0; } to { background-position: -50% 0; } }

  .map { min-block-size: 300px; }
  provider-search-map { display: block; block-size: 100%; }
  .bar { position: sticky; inset-block-end: 0; z-index: 4; display: flex; flex-wrap: wrap; background: var(--paper); border-block-start: 1px solid var(--border); }
  [data-layout='phone']:has(.form:not(.folded)) .bar { position: static; }
  .bar button { flex: 1 1 auto; border: 0; border-radius: 0; justify-content: center; min-block-size: 52px; padding-inline: 4px; }
  .bar [aria-pressed='true'] { font-weight: 700; box-shadow: inset 0 3px var(--brand); }
  .root:not([data-layout='desk']) .map { block-size: 70vh; }
  .root[data-layout='desk'] .form { grid-template-columns: 1.2fr 1.2fr 1fr auto; align-items: start; }
  .root[data-layout='tablet'] .form { grid-template-columns: 1fr 1fr auto; } .root[data-layout='tablet'] .field-where { grid-column: 1 / -1; }
  .root:not([data-layout='phone']) .form .submit { margin-block-start: calc(var(--line) * 1em + 4px); min-block-size: max(44px, calc(var(--line) * 1em + 18px)); }
  .root[data-layout='desk'] .columns { grid-template-columns: 260px minmax(360px, 1fr) minmax(300px, 1fr); grid-template-areas: 'filters results map'; align-items: start; }
  [data-layout='desk'] .results { grid-area: results; } [data-layout='desk'] .map { grid-area: map; } .results { min-inline-size: 0; }
  [data-layout='desk'] aside { grid-area: filters; position: sticky; inset-block-start: 8px; max-block-size: calc(100vh - 16px); overflow: auto; padding: 4px; margin: -4px; }
  [data-layout='phone'] .columns { padding: 12px 8px; gap: 8px; }
  .root[data-layout='desk'] .map { position: sticky; inset-block-start: 8px; block-size: min(85vh, 800px); }
  .form-notice { grid-column: 1 / -1; }

  .print-only { display: none; }
  @media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
  @media (forced-colors: active) { .pay-box, .banner, .chip { border: 1px solid; } .bar [aria-pressed='true'] { border-block-start: 3px solid Highlight; } }
`;
