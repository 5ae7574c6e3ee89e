import { useEffect, useRef } from 'preact/hooks';

interface KeyActions {
  readonly toggle: () => void;
  readonly seekBy: (seconds: number) => void;
  readonly goLive: () => void;
  readonly mute: () => void;
  readonly fullscreen: () => void;
}

const kStepS = 10;

/** Buttons keep Space and Enter for themselves, menus their arrows. */
function press(event: KeyboardEvent, actions: KeyActions): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const at = event.target instanceof Element ? event.target : null;
  if (at?.closest('[role="dialog"], [data-keys="own"], textarea, select')) return;
  const onButton = at?.closest('button, a') !== null && at !== null;
  switch (event.key) {
    case ' ':
    case 'Spacebar': // old Androids and TVs
      if (onButton) return;
      actions.toggle();
      break;
    case 'k':
    case 'MediaPlayPause':
      actions.toggle();
      break;
    case 'ArrowLeft':
    case 'MediaRewind':
      actions.seekBy(-kStepS);
      break;
    case 'ArrowRight':
    case 'MediaFastForward':
      actions.seekBy(kStepS);
      break;
    case 'l':
    case 'L':
      actions.goLive();
      break;
    case 'm':
    case 'M':
      actions.mute();
      break;
    case 'f':
    case 'F':
      actions.fullscreen();
      break;
    default:
      return;
  }
  event.preventDefault();
}

/** Keyboard and TV remote. Keys see the newest actions without being registered anew four times a second. */
export function useKeys(actions: KeyActions): void {
  const newest = useRef(actions);
  newest.current = actions;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => press(event, newest.current);
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
