/** What a viewer's page needs of the websocket: one chunk, fetched after the player. */
export { startSignal } from './connection';
export { signalUrl } from './messages';
export { createNoteBoard } from './notes';
