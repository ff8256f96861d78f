/** What nobody needs before the first card is read, in one piece that comes right after it. */
export { restStyles } from '../styles-rest';
export { filters } from './filters';
export { nearest } from './nearest';
export { telehealth } from './telehealth';
export { proposeLine, proposeWhere, proposeWhich, proposeWho } from './proposals';
