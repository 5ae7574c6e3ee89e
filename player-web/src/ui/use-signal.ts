import { useEffect, useRef, useState } from 'preact/hooks';

import { lessonTime, type Watching } from '../core/state';
import type { Teaching } from '../core/teaching';
import type { Presence, Saying, Signal } from '../signal/connection';
import type { ServerMessage } from '../signal/messages';

const kDeviceKey = 'tongke.device';

function deviceId(): string {
  const fresh = Math.random().toString(36).slice(2, 12);
  try {
    const known = sessionStorage.getItem(kDeviceKey);
    if (known !== null && /^\w{1,32}$/.test(known)) return known;
    sessionStorage.setItem(kDeviceKey, fresh);
  } catch {
    // storage is switched off: this page is its own device
  }
  return fresh;
}

/** What this player does, in the words of the websocket. */
export function presenceOf(state: Watching): Presence {
  const { step, timeline, choices } = state;
  const play =
    step === 'playing' ? (choices.audioOnly ? 'audio' : 'playing') : step === 'stalled' || step === 'starting' ? 'stalled' : 'paused';
  const mediaMs = timeline === null ? 0 : lessonTime(timeline, timeline.position) * 1000;
  return { mediaMs, state: play, rendition: choices.audioOnly ? 'audio' : null };
}

export interface SignalUse {
  /** Where the websocket is, as the server says; null without one. */
  readonly where: string | null;
  readonly token: string | null;
  readonly heard: (message: ServerMessage, frame: unknown) => void;
  readonly line?: (up: boolean, final: number | null) => void;
}

export interface SignalHold {
  /** False when it was not said: nobody is listening just now. */
  say(what: Saying): boolean;
  presence(now: Presence): void;
  /** What is asked and said in the lesson; null before the first frame. */
  readonly teaching: Teaching | null;
}

/** The websocket for as long as the page shows the lesson. Its code is fetched after the
 *  player's, and the lesson goes on without it. */
export function useSignal({ where, token, heard, line }: SignalUse): SignalHold {
  const signal = useRef<Signal | null>(null);
  const latest = useRef<Presence | null>(null);
  const [teaching, setTeaching] = useState<Teaching | null>(null);
  const callbacks = useRef({ heard, line });
  callbacks.current = { heard, line };

  useEffect(() => {
    if (where === null || token === null) return undefined;
    let gone = false;
    import('../signal/page')
      .then(({ startSignal, signalUrl, hear, kNothing }) => {
        const url = signalUrl(where, location);
        if (gone || url === null) return;
        signal.current = startSignal({
          url,
          token,
          device: deviceId(),
          screen: location.pathname === '/tv' ? 'tv' : window.matchMedia('(hover: hover)').matches ? 'computer' : 'phone',
          onMessage(message, frame) {
            callbacks.current.heard(message, frame);
            setTeaching((before) => hear(before ?? kNothing, frame));
          },
          onLine: (up, final) => callbacks.current.line?.(up, final),
        });
        if (latest.current !== null) signal.current.presence(latest.current);
      })
      .catch(() => undefined);
    return () => {
      gone = true;
      signal.current?.stop();
      signal.current = null;
    };
  }, [where, token]);

  const hold = useRef<Omit<SignalHold, 'teaching'>>({
    say: (what) => signal.current?.say(what) ?? false,
    presence(now) {
      latest.current = now;
      signal.current?.presence(now);
    },
  });
  return { ...hold.current, teaching };
}
