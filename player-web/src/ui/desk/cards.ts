/** What the desk has beside picture and notes: its code comes after the class list. */
export { ChapterCard } from '../staff/chapter-card';
export { ChatCard } from '../staff/chat-card';
export { CheckDesk } from './check-desk';
export { Handed } from './handed';
export { HelpCard } from './help-card';
