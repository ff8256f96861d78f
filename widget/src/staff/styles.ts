import { css } from 'lit';

/** What differs from the search's map: a frame of its own height, buttons below it, the point, the cross. */
export const staffStyles = css`
  :host {
    min-block-size: 0;
    overflow: visible;
    background: none;
    font-size: 15px;
  }
  .frame {
    position: relative;
    block-size: var(--staff-map-size, clamp(240px, 45vh, 360px));
    overflow: hidden;
    isolation: isolate;
    border: 1px solid var(--edge);
    border-radius: 6px;
    background: var(--water);
  }
  .here {
    pointer-events: none;
  }
  .picks .here {
    pointer-events: auto;
    cursor: grab;
  }
  .here .face {
    inline-size: 28px;
    block-size: 28px;
    border: 3px solid var(--paper);
    border-radius: 50% 50% 50% 0;
    background: var(--ink);
    box-shadow: 0 1px 4px rgb(0 0 0 / 50%);
    /* Its tip is on the spot. */
    transform: translateY(-20px) rotate(-45deg);
  }
  .here.ring .face {
    border-radius: 50%;
    border-color: var(--ink);
    background: none;
    transform: none;
  }
  .pin.outside .face {
    border-color: var(--edge);
    background: var(--paper);
    color: var(--muted);
  }
  .cross {
    position: absolute;
    z-index: 2;
    inset-block-start: calc(50% - 16px);
    inset-inline-start: calc(50% - 16px);
    inline-size: 32px;
    block-size: 32px;
    display: none;
    pointer-events: none;
    background:
      linear-gradient(var(--ink), var(--ink)) center / 2px 100% no-repeat,
      linear-gradient(var(--ink), var(--ink)) center / 100% 2px no-repeat;
  }
  .picks #map {
    cursor: crosshair;
  }
  .picks #map:focus-visible ~ .cross {
    display: block;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
    margin-block-start: 8px;
  }
  .tools button {
    box-shadow: none;
  }
  [role='status'] {
    margin: 0;
    min-block-size: 1.3em;
    color: var(--muted);
  }
  @media (max-width: 600px) {
    .tools button {
      flex: 1 1 140px;
    }
  }
`;
