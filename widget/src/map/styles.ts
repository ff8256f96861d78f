import { css, unsafeCSS } from 'lit';

const DARK = unsafeCSS(`
  --ink: var(--provider-search-ink, #e8edf2); --paper: var(--provider-search-paper, #121920);
  --muted: var(--provider-search-muted, #aab6c3); --edge: var(--provider-search-border, #7c8a99);
  --brand: var(--provider-search-brand, #5fd0c6); --on-brand: var(--provider-search-on-brand, #121920);
  --water: #0c141c; --land: #202b35; --coast: #41566a; --frontier: #5c6b7a; --grid: #2a3641;
  --card: #9be0b5; --letter: #ffd08a; --claim: #aab6c3; color-scheme: dark;
`);

/** Leaflet's own rules as far as the parts in use need them, and the map's. */
export const mapStyles = css`
  :host {
    --ink: var(--provider-search-ink, #17212b);
    --paper: var(--provider-search-paper, #ffffff);
    --muted: var(--provider-search-muted, #4b5868);
    --edge: var(--provider-search-border, #6b7785);
    --brand: var(--provider-search-brand, #0b6b66);
    --on-brand: var(--provider-search-on-brand, #ffffff);
    --water: #cfe0ea;
    --land: #f6f6f1;
    --coast: #8eaabc;
    --frontier: #a39bb0;
    --grid: #dfe4e4;
    --card: #145c32;
    --letter: #704400;
    --claim: #4b5868;
    display: block;
    position: relative;
    min-block-size: 240px;
    overflow: hidden;
    isolation: isolate;
    background: var(--water);
    color: var(--ink);
    font: 14px/1.3 var(--provider-search-font, system-ui, 'Noto Sans', 'Noto Sans Arabic', sans-serif);
    color-scheme: light;
  }
  :host([theme='dark']) {
    ${DARK}
  }
  @media (prefers-color-scheme: dark) {
    :host(:not([theme='light'])) {
      ${DARK}
    }
  }
  #map {
    position: absolute;
    inset: 0;
    direction: ltr;
  }
  #map:focus-visible,
  button:focus-visible,
  .marker:focus-visible .face {
    outline: 3px solid #ffb81c;
    outline-offset: -3px;
    box-shadow: inset 0 0 0 5px #17212b;
  }
  .marker:focus-visible .face {
    outline-offset: 1px;
    box-shadow: 0 0 0 1px #17212b;
  }
  .leaflet-container {
    overflow: hidden;
    -webkit-tap-highlight-color: transparent;
  }
  .leaflet-pane,
  .leaflet-tile,
  .leaflet-marker-icon,
  .leaflet-tile-container,
  .leaflet-pane > svg,
  .leaflet-layer {
    position: absolute;
    left: 0;
    top: 0;
  }
  .leaflet-tile,
  .leaflet-marker-icon {
    user-select: none;
  }
  .leaflet-tile {
    visibility: hidden;
  }
  .leaflet-tile-loaded {
    visibility: inherit;
  }
  .leaflet-container .leaflet-tile,
  .leaflet-overlay-pane svg {
    max-width: none;
    max-height: none;
  }
  .leaflet-touch-drag {
    touch-action: pinch-zoom;
  }
  .leaflet-touch-drag.leaflet-touch-zoom {
    touch-action: none;
  }
  .leaflet-tile-pane {
    z-index: 200;
  }
  .leaflet-names-pane {
    z-index: 300;
    pointer-events: none;
  }
  .leaflet-overlay-pane {
    z-index: 400;
    pointer-events: none;
  }
  .leaflet-marker-pane {
    z-index: 600;
  }
  .leaflet-zoom-animated {
    transform-origin: 0 0;
  }
  .leaflet-zoom-anim .leaflet-zoom-animated {
    transition: transform 0.25s cubic-bezier(0, 0, 0.25, 1);
  }
  .leaflet-zoom-anim .leaflet-tile,
  .leaflet-pan-anim .leaflet-tile {
    transition: none;
  }
  .leaflet-zoom-anim .leaflet-names-pane {
    visibility: hidden;
  }
  .leaflet-grab {
    cursor: grab;
  }
  .leaflet-dragging .leaflet-grab {
    cursor: grabbing;
  }
  .area {
    stroke: var(--brand);
    stroke-width: 2;
    stroke-dasharray: 6 5;
    fill: var(--brand);
    fill-opacity: 0.06;
  }
  .name {
    position: absolute;
    white-space: nowrap;
    color: var(--muted);
    font-size: 12px;
    line-height: 16px;
    text-shadow:
      0 0 2px var(--land),
      0 0 2px var(--land),
      0 0 4px var(--land);
  }
  .name::before {
    content: '';
    position: absolute;
    inset-inline-start: -8px;
    inset-block-start: 6px;
    inline-size: 4px;
    block-size: 4px;
    border-radius: 50%;
    background: var(--muted);
  }
  .name.rank0 {
    font-size: 14px;
    font-weight: 600;
    color: var(--ink);
  }
  .name.rank1 {
    font-size: 13px;
    color: var(--ink);
  }
  .name.capital::before {
    border-radius: 0;
    background: var(--ink);
  }
  .name small {
    display: block;
    font-size: 11px;
    line-height: 13px;
  }
  .marker {
    display: grid;
    place-items: center;
    cursor: pointer;
    outline: none;
  }
  .face {
    display: grid;
    place-items: center;
    box-sizing: border-box;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
  .cluster .face {
    min-inline-size: 34px;
    min-block-size: 34px;
    padding: 2px 7px;
    border-radius: 22px;
    border: 2px solid var(--brand);
    background: var(--paper);
    color: var(--brand);
    font-size: 13px;
    white-space: nowrap;
    box-shadow: 0 1px 3px rgb(0 0 0 / 35%);
  }
  .cluster.many .face {
    min-inline-size: 42px;
    min-block-size: 42px;
  }
  .cluster:hover .face,
  .cluster:focus-visible .face {
    background: var(--brand);
    color: var(--on-brand);
  }
  .cluster.same .face {
    border-style: double;
    border-width: 4px;
    border-radius: 8px;
  }
  .pin .face {
    min-inline-size: 20px;
    min-block-size: 20px;
    padding-inline: 3px;
    border-radius: 12px;
    border: 2px solid var(--paper);
    background: var(--brand);
    color: var(--paper);
    font-size: 12px;
    box-shadow: 0 1px 3px rgb(0 0 0 / 45%);
  }
  .pin.numbered .face {
    min-inline-size: 26px;
    min-block-size: 26px;
    border-radius: 14px;
  }
  .pin.ring .face {
    border: 3px solid var(--brand);
    background: var(--paper);
    color: var(--brand);
  }
  /* How one pays: a disc for the card, a square for the letter, a ring for who pays first. */
  .pin.way-card .face {
    background: var(--card);
  }
  .pin.way-guarantee_letter .face {
    background: var(--letter);
    border-radius: 5px;
  }
  .pin.way-none .face {
    border: 3px solid var(--claim);
    background: var(--paper);
    color: var(--claim);
  }
  .pin.on .face,
  .pin:hover .face {
    background: var(--ink);
    border-color: var(--paper);
    color: var(--paper);
    transform: scale(1.25);
  }
  .own::after {
    content: '';
    position: absolute;
    inset: 4px;
    border-radius: 50%;
    border: 3px solid #fff;
    background: #1769c5;
    box-shadow: 0 0 0 6px rgb(23 105 197 / 25%), 0 1px 3px rgb(0 0 0 / 45%);
  }
  .tip {
    position: absolute;
    inset-block-end: calc(50% + 20px);
    inset-inline-start: 50%;
    display: none;
    inline-size: max-content;
    max-inline-size: 220px;
    padding: 4px 8px;
    border-radius: 6px;
    background: var(--ink);
    color: var(--paper);
    font-size: 13px;
    pointer-events: none;
    transform: translateX(-50%);
  }
  .marker:hover .tip,
  .marker:focus-visible .tip,
  .marker.on .tip {
    display: block;
  }
  button {
    min-inline-size: 44px;
    min-block-size: 44px;
    padding: 0 14px;
    border: 1px solid var(--edge);
    border-radius: 6px;
    background: var(--paper);
    color: var(--brand);
    font: inherit;
    font-weight: 600;
    cursor: pointer;
    box-shadow: 0 1px 3px rgb(0 0 0 / 25%);
  }
  button[disabled] {
    color: var(--edge);
    cursor: default;
  }
  .zoom {
    position: absolute;
    z-index: 2;
    inset-block-start: 10px;
    inset-inline-end: 10px;
    display: grid;
  }
  .zoom button {
    padding: 0;
    font-size: 22px;
    line-height: 1;
  }
  .zoom button:first-child {
    border-end-start-radius: 0;
    border-end-end-radius: 0;
  }
  .zoom button:last-child {
    border-start-start-radius: 0;
    border-start-end-radius: 0;
    border-block-start: 0;
  }
  .top {
    position: absolute;
    z-index: 2;
    inset-block-start: 10px;
    inset-inline: 64px;
    display: grid;
    justify-items: center;
    gap: 6px;
    pointer-events: none;
  }
  .top > * {
    pointer-events: auto;
  }
  .moved {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 6px;
  }
  .note {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 4px 10px;
    border: 1px solid var(--edge);
    border-radius: 6px;
    background: var(--paper);
  }
  .note button {
    min-block-size: 32px;
    box-shadow: none;
  }
  .foot {
    position: absolute;
    z-index: 2;
    inset-block-end: 0;
    inset-inline: 0;
    display: flex;
    justify-content: space-between;
    align-items: end;
    gap: 8px;
    padding: 4px 6px;
    pointer-events: none;
    font-size: 11px;
    color: var(--ink);
  }
  .foot span {
    padding: 1px 5px;
    border-radius: 3px;
    background: color-mix(in srgb, var(--paper) 82%, transparent);
  }
  .foot .scale {
    flex: none;
    border: 1.5px solid var(--ink);
    border-block-start: 0;
    border-radius: 0;
    box-sizing: border-box;
    text-align: center;
    white-space: nowrap;
  }
  .hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  @media (prefers-reduced-motion: reduce) {
    .leaflet-zoom-anim .leaflet-zoom-animated {
      transition: none;
    }
  }
  @media (forced-colors: active) {
    .face {
      border-color: ButtonText;
    }
  }
  @media print {
    .zoom,
    .top {
      display: none;
    }
  }
`;
