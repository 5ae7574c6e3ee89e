import type { JSX } from 'preact';

/** Line icons on a 24-unit grid, drawn in the text's colour. Always beside or inside
 *  something that is labelled, so hidden from screen readers. */

const kPaths = {
  play: 'M8 5.5v13l10.5-6.5z',
  pause: 'M8 5.5v13M16 5.5v13',
  back: 'M11.5 5.5 8 9l3.5 3.5M8.5 9H14a5 5 0 1 1 0 10H9',
  forward: 'M12.5 5.5 16 9l-3.5 3.5M15.5 9H10a5 5 0 1 0 0 10h5',
  start: 'M6.5 6v12M18 6.5v11L9.5 12z',
  live: 'M6 6.5v11l8.5-5.5zM17.5 6v12',
  sound: 'M4.5 9.5v5H8l4.5 4v-13L8 9.5zM16 9a4.3 4.3 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11',
  muted: 'M4.5 9.5v5H8l4.5 4v-13L8 9.5zM16.5 9.5l5 5M21.5 9.5l-5 5',
  quality: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5',
  speed: 'M5 17.5a8.5 8.5 0 1 1 14 0M12 14l3.5-5',
  full: 'M4.5 9V4.5H9M15 4.5h4.5V9M19.5 15v4.5H15M9 19.5H4.5V15',
  small: 'M9 4.5V9H4.5M19.5 9H15V4.5M15 19.5V15h4.5M4.5 15H9v4.5',
  ear: 'M8 20c2.5 0 3-2 3.5-3.5.7-2 4.5-3 4.5-7a5 5 0 0 0-10 0M8.5 10a2.5 2.5 0 0 1 5 0c0 2-2.5 2-2.5 4',
  language: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17',
  download: 'M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 19.5h14',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7v5.5l3.5 2',
  mic: 'M12 3.5a3 3 0 0 1 3 3V11a3 3 0 0 1-6 0V6.500a3 3 0 0 1 3-3zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.500v3M9 20.500h6',
  mic_off: 'M9 9v2a3 3 0 0 0 4.5 2.600M15 10.500v-4a3 3 0 0 0-5.5-1.700M5.5 11a6.5 6.5 0 0 0 10 5.500M18.5 11a6.5 6.5 0 0 1-.6 2.700M12 17.500v3M9 20.500h6M4 3.500l16 17',
  camera: 'M4.5 7h9a1.5 1.5 0 0 1 1.5 1.500v7a1.5 1.5 0 0 1-1.5 1.500h-9A1.5 1.5 0 0 1 3 15.500v-7A1.5 1.5 0 0 1 4.5 7zM15 11l5.5-3.500v9L15 13',
  screen: 'M4.5 5h15A1.5 1.5 0 0 1 21 6.500v8a1.5 1.5 0 0 1-1.5 1.500h-15A1.5 1.5 0 0 1 3 14.500v-8A1.5 1.5 0 0 1 4.5 5zM9 20h6M12 13V8M9.5 10.5 12 8l2.5 2.5',
  turn: 'M4 12a8 8 0 0 1 13.8-5.500L20 8.500M20 4v4.500h-4.500M20 12a8 8 0 0 1-13.8 5.500L4 15.500M4 20v-4.500h4.5',
  phone: 'M8.5 3h7A1.5 1.5 0 0 1 17 4.500v15a1.5 1.5 0 0 1-1.5 1.500h-7A1.5 1.5 0 0 1 7 19.500v-15A1.5 1.5 0 0 1 8.5 3zM11 18h2',
  bell: 'M6 16.500V11a6 6 0 0 1 12 0v5.500l1.5 1.500h-15zM10 20.500h4M12 5V3.5',
  stop: 'M7 6h10a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1z',
  attention: 'M12 4 21 19.500H3zM12 10v4.500M12 17v.1',
  question: 'M9 9.2a3 3 0 1 1 4.3 2.7c-.9.5-1.3 1-1.3 2.1M12 17.5v.1',
  tv: 'M4.5 6h15A1.5 1.5 0 0 1 21 7.500v8a1.5 1.5 0 0 1-1.5 1.500h-15A1.5 1.5 0 0 1 3 15.500v-8A1.5 1.5 0 0 1 4.5 6zM8 20.500h8',
  people: 'M9 11.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3.5 19a5.5 5.500 0 0 1 11 0M15.5 5.800a3 3 0 0 1 0 5.400M17 14a5.5 5.500 0 0 1 3.5 5',
  lock: 'M6.5 11h11a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1zM8.5 11V8a3.5 3.500 0 0 1 7 0v3',
  note: 'M5 5.500h14v9.500h-7l-4 4v-4H5zM8.5 9h7M8.5 12h4.500',
  puzzled: 'M12 3.500a8.5 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17zM9.500 9.500a2.500 2.500 0 1 1 3.600 2.200c-.8.400-1.100.8-1.100 1.800M12 16.500v.1',
  away: 'M12 11.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM5.500 19.500a6.500 6.500 0 0 1 13 0',
  text: 'M4 18.500 9 5.500l5 13M5.800 14h6.400M15 18.500l3-8 3 8M16 16h4',
  cast: 'M3 8V6.500A1.500 1.500 0 0 1 4.500 5h15A1.500 1.500 0 0 1 21 6.500v11a1.500 1.500 0 0 1-1.500 1.500H14M3 12a7 7 0 0 1 7 7M3 15.500A3.500 3.500 0 0 1 6.500 19M3 19v.1',
  hand: 'M7.500 12.500V7a1.300 1.300 0 0 1 2.600 0v4.500V5.300a1.300 1.300 0 0 1 2.600 0v6V6.300a1.300 1.300 0 0 1 2.600 0v6V8.300a1.300 1.300 0 0 1 2.600 0v6.200a6 6 0 0 1-6 6c-3 0-4.600-1.500-5.800-3.800L4 13.200c-.500-1.200 1-2 1.900-1.100z',
  cross: 'M6 6l12 12M18 6 6 18',
  check: 'M5 12.5 10 17.5 19 7',
  offline: 'M3 4.5l17 15M5 12a10.5 10.5 0 0 1 3-2M8.5 15.3a5.5 5.5 0 0 1 7 0M12 8.2c2.7 0 5.2 1.3 7 3.800M12 19v.1',
} as const;

export type IconName = keyof typeof kPaths;

const kFilled: readonly IconName[] = ['play'];

export function Icon({ name, size = 24 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg
      class="icon"
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill={kFilled.includes(name) ? 'currentColor' : 'none'}
      stroke="currentColor"
      stroke-width="1.9"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={kPaths[name]} />
    </svg>
  );
}

/** A class and a screen: the blackboard with the play sign in chalk. */
export function Logo({ size = 32 }: { size?: number }): JSX.Element {
  return (
    <svg class="logo" viewBox="0 0 48 48" width={size} height={size} aria-hidden="true" focusable="false">
      <rect width="48" height="48" rx="11" class="logo__board" />
      <path d="M11 33V15a3 3 0 0 1 3-3h20a3 3 0 0 1 3 3v18" class="logo__chalk" />
      <path d="M8 36h32" class="logo__ledge" />
      <path d="M21 18.5v10l8.5-5z" class="logo__play" />
    </svg>
  );
}
