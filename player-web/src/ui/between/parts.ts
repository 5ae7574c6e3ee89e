import '../../i18n/between';
import '../../styles/between.css';

/** What a page fetches when its lesson has not begun or is over. */
export { startBetween } from './start';
export { Card } from './card';
export { Line } from './line';
