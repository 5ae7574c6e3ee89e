import '../../i18n/desk';
import '../../styles/picture.css';
import '../../styles/notes.css';
import '../../styles/rooms.css';
import '../../styles/rooms-card.css';
import '../../styles/desk.css';

import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';

import { ask } from '../../core/ask';
import type { Look as Begun } from '../../core/inspect/decode';
import { teachersOf } from '../../core/staff/overview';
import type { Staff } from '../../core/staff/state';
import { kInitial, reduce } from '../../core/state';
import { decodeStills, type Still, stillList, stillPicture } from '../../core/stills';
import { createStore } from '../../core/store';
import { useI18n } from '../../i18n/i18n';
import { Picture } from '../desk/picture';
import { useStore } from '../hooks';
import { Notice } from '../notice';
import { useStaff } from '../staff/use-staff';
import { presenceOf } from '../use-signal';
import { useWatch } from '../use-watch';
import { RecordForm } from './record-form';
import { aboutLesson, clockTime, titleOf } from './words';

const kStillsMs = 5000;
const kShownStills = 3;

/** One class a line: how many, how many of them stall, and which teacher is with them. */
function Counts({ staff }: { staff: Staff }): JSX.Element {
  const { t } = useI18n();
  return (
    <section class="card office__card" aria-label={t('inspect.counts')}>
      <h2>{t('inspect.counts')}</h2>
      <p class="inspect__soft">{t('inspect.counts_text')}</p>
      {staff.counts.length === 0 ? (
        <p role="status">{t('inspect.counts_wait')}</p>
      ) : (
        <div class="overview" role="region" aria-label={t('inspect.counts')} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('inspect.room')}</th>
                <th scope="col">{t('inspect.here')}</th>
                <th scope="col">{t('inspect.stalled')}</th>
                <th scope="col">{t('inspect.teacher')}</th>
              </tr>
            </thead>
            <tbody>
              {staff.counts.map((room) => {
                const names = teachersOf(room, staff.teachers, staff.counts.length).map(({ label }) => label ?? t('inspect.teacher'));
                return (
                  <tr key={room.room}>
                    <th scope="row">{room.label ?? t('inspect.room_one')}</th>
                    <td>{room.expected > 0 ? `${room.present}/${room.expected}` : room.present}</td>
                    <td>{room.stalled}</td>
                    <td class={names.length === 0 ? 'overview__none' : ''}>{names.length === 0 ? t('inspect.teacher_none') : names.join(' ')}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** Asked for again and again: that is also what keeps them being made. */
function useStills(master: string | null): readonly Still[] {
  const [stills, setStills] = useState<readonly Still[]>([]);
  useEffect(() => {
    if (master === null) return undefined;
    const life = new AbortController();
    const read = (): void =>
      void ask('GET', stillList(master), decodeStills, life.signal).then((answer) => {
        if (answer.kind === 'ok' && !life.signal.aborted) setStills(answer.value);
      });
    read();
    const timer = setInterval(read, kStillsMs);
    return () => {
      clearInterval(timer);
      life.abort();
    };
  }, [master]);
  return stills;
}

function Stills({ master }: { master: string | null }): JSX.Element {
  const { t, language } = useI18n();
  const stills = useStills(master).slice(-kShownStills);
  return (
    <section class="card office__card" aria-label={t('inspect.stills')}>
      <h2>{t('inspect.stills')}</h2>
      <p class="inspect__soft">{stills.length === 0 ? t('inspect.stills_none') : t('inspect.stills_text')}</p>
      {master !== null && stills.length > 0 && (
        <div class="inspect__stills">
          {stills.map((still) => (
            <img key={still.number} src={stillPicture(master, still)} alt={t('inspect.still', { time: clockTime(language, still.at) })} />
          ))}
        </div>
      )}
    </section>
  );
}

interface LookProps {
  readonly look: Begun;
  readonly onBack: () => void;
  readonly onSigned: (id: string) => void;
}

/** A drawn lesson as an inspector sees it: picture, numbers, and the form. He only receives. */
export function Look({ look, onBack, onSigned }: LookProps): JSX.Element {
  const { t } = useI18n();
  const { check, link } = look;
  const lesson = useMemo(() => createStore(kInitial, reduce), []);
  const state = useStore(lesson);
  useWatch(lesson, link);
  const watch = 'watch' in state ? state.watch : null;
  const { staff, signal } = useStaff(watch?.signal ?? null, link);
  useEffect(() => signal.presence(state.kind === 'watching' ? presenceOf(state) : { mediaMs: 0, state: 'paused', rendition: null }));
  const counts = useMemo(() => <Counts staff={staff} />, [staff, t]);
  const form = useMemo(() => <RecordForm check={check} onSigned={onSigned} />, [check, t]);
  const master = watch?.hls.master ?? null;
  const stills = useMemo(() => <Stills master={master} />, [master, t]);
  return (
    <main class="desk inspect__look">
      <div class="inspect__top">
        <button type="button" class="link" onClick={onBack}>
          {t('inspect.back')}
        </button>
        <h1 class="desk__title">{titleOf(t, check.lesson)}</h1>
        <p class="inspect__soft">{aboutLesson(t, check.lesson)}</p>
      </div>
      <div class="desk__lesson">
        {state.kind === 'loading' || state.kind === 'missing' ? (
          <Notice icon={state.kind === 'missing' ? 'question' : 'clock'} title={state.kind === 'missing' ? t('inspect.lesson_gone') : t('inspect.loading')} busy={state.kind === 'loading'} />
        ) : (
          <Picture state={state} token={link} dispatch={lesson.dispatch} begin />
        )}
        <div class="inspect__below">
          {counts}
          {stills}
        </div>
      </div>
      <div class="desk__rooms">{form}</div>
    </main>
  );
}
