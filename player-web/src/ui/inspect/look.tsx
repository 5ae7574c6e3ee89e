import '../../i18n/watch';
import '../../styles/picture.css';

import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';

import { timeOfDay } from '../../core/format';
import { hearNumbers, kNoNumbers, type Numbers, teachersWith } from '../../core/inspect/counts';
import type { Look as Begun } from '../../core/inspect/decode';
import { kInitial, reduce, type State } from '../../core/state';
import { stillPicture } from '../../core/stills';
import { createStore } from '../../core/store';
import { useI18n } from '../../i18n/i18n';
import { useStore } from '../hooks';
import { Notice } from '../notice';
import { presenceOf, useSignal } from '../use-signal';
import { useStills } from '../use-stills';
import { useWatch } from '../use-watch';
import { Picture } from './picture';
import { RecordForm } from './record-form';
import { aboutLesson, titleOf } from './words';

const kStillsMs = 5000;
const kShownStills = 3;

/** One class a line: how many, how many of them stall, and which teacher is with them. */
function Counts({ numbers }: { numbers: Numbers }): JSX.Element {
  const { t } = useI18n();
  return (
    <section class="card office__card" aria-label={t('inspect.counts')}>
      <h2>{t('inspect.counts')}</h2>
      <p class="inspect__soft">{t('inspect.counts_text')}</p>
      {numbers.rooms.length === 0 ? (
        <p role="status">{t('inspect.counts_wait')}</p>
      ) : (
        <table class="grid inspect__counts">
          <thead>
            <tr>
              <th scope="col">{t('inspect.room')}</th>
              <th scope="col">{t('inspect.here')}</th>
              <th scope="col">{t('inspect.stalled')}</th>
              <th scope="col">{t('inspect.teacher')}</th>
            </tr>
          </thead>
          <tbody>
            {numbers.rooms.map((room) => {
              const names = teachersWith(numbers, room).map(({ label }) => label ?? t('inspect.teacher'));
              return (
                <tr key={room.room}>
                  <th scope="row">{room.label ?? t('inspect.room_one')}</th>
                  <td>{room.expected > 0 ? `${room.present}/${room.expected}` : room.present}</td>
                  <td>{room.stalled}</td>
                  <td>{names.length === 0 ? t('inspect.teacher_none') : names.join(' ')}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Stills({ master }: { master: string | null }): JSX.Element {
  const { t, language } = useI18n();
  const stills = useStills(master ?? '', master !== null, kStillsMs).slice(-kShownStills);
  return (
    <section class="card office__card" aria-label={t('inspect.stills')}>
      <h2>{t('inspect.stills')}</h2>
      <p class="inspect__soft">{stills.length === 0 ? t('inspect.stills_none') : t('inspect.stills_text')}</p>
      {master !== null && stills.length > 0 && (
        <div class="inspect__stills">
          {stills.map((still) => (
            <img key={still.number} src={stillPicture(master, still)} alt={t('inspect.still', { time: timeOfDay(language, still.at, true) })} />
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

/** The picture, or why there is none. */
function Screen({ state, link, dispatch }: { state: State; link: string; dispatch: Parameters<typeof Picture>[0]['dispatch'] }): JSX.Element {
  const { t } = useI18n();
  switch (state.kind) {
    case 'watching':
      return <Picture state={state} token={link} dispatch={dispatch} />;
    case 'loading':
      return <Notice icon="clock" title={t('inspect.loading')} busy />;
    case 'waiting':
      return <Notice icon="clock" title={t('inspect.away')} busy />;
    case 'unplayable':
      return <Notice icon="question" title={t('inspect.unplayable')} />;
    case 'missing':
    case 'over':
      return <Notice icon="question" title={t('inspect.lesson_gone')} />;
  }
}

/** A drawn lesson as an inspector sees it: picture, numbers, and the form. He only receives. */
export function Look({ look, onBack, onSigned }: LookProps): JSX.Element {
  const { t } = useI18n();
  const { check, link } = look;
  const lesson = useMemo(() => createStore(kInitial, reduce), []);
  const state = useStore(lesson);
  const [numbers, setNumbers] = useState(kNoNumbers);
  useWatch(lesson, link);
  const watch = 'watch' in state ? state.watch : null;
  const signal = useSignal({
    where: watch?.signal ?? null,
    token: link,
    heard(_, frame) {
      setNumbers((before) => {
        try {
          return hearNumbers(before, frame);
        } catch {
          return before; // a frame that makes no sense is worth less than the numbers
        }
      });
    },
  });
  useEffect(() => signal.presence(state.kind === 'watching' ? presenceOf(state) : { mediaMs: 0, state: 'paused', rendition: null }));
  // The picture ticks four times a second; what is beside it need not.
  const counts = useMemo(() => <Counts numbers={numbers} />, [numbers, t]);
  const form = useMemo(() => <RecordForm check={check} onSigned={onSigned} />, [check, t]);
  const master = watch?.hls.master ?? null;
  const stills = useMemo(() => <Stills master={master} />, [master, t]);
  return (
    <main class="office">
      <div class="office__do inspect__back">
        <button type="button" class="button" onClick={onBack}>
          {t('inspect.back')}
        </button>
      </div>
      <h1 class="inspect__title">{titleOf(t, check.lesson)}</h1>
      <p class="inspect__soft inspect__about">{aboutLesson(t, check.lesson)}</p>
      <div class="inspect__look">
        <div>
          <Screen state={state} link={link} dispatch={lesson.dispatch} />
          {counts}
        </div>
        <div>
          {form}
          {stills}
        </div>
      </div>
    </main>
  );
}
