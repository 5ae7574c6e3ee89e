/** What a page needs to talk on the websocket: one chunk, fetched after the player. */
export { hear } from '../core/hear';
export { kNothing } from '../core/teaching';
export { startSignal } from './connection';
export { signalUrl } from './messages';
