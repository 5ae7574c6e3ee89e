import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { decodeUnwatched, type UnwatchedRoom } from '../../core/office/decode';
import { useI18n } from '../../i18n/i18n';
import { useCall } from './use-call';

const kRefreshMs = 30_000;

/** Classes on air for minutes that no teacher of theirs is with. */
export function Unwatched(): JSX.Element {
  const { t } = useI18n();
  const call = useCall();
  const [rooms, setRooms] = useState<readonly UnwatchedRoom[]>([]);
  useEffect(() => {
    const ask = (): void => call({ method: 'GET', path: '/api/v1/unwatched-rooms', decode: decodeUnwatched }, (reply) => reply.kind === 'ok' && setRooms(reply.value));
    ask();
    const timer = setInterval(ask, kRefreshMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <div role="status">
      {rooms.length > 0 && (
        <section class="unwatched">
          <h2>{t('office.board_unwatched')}</h2>
          <ul>
            {rooms.map(({ lesson, room, label, title, minutes, wasHere }) => (
              <li key={`${lesson} ${room}`}>{t(wasHere ? 'office.unwatched_left' : 'office.unwatched_never', { room: label, n: minutes, title })}</li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
