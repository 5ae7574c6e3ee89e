import '../../styles/editor.css';

import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { type Held, isSame, type Line, linesOf, type Said, type Spot, verdictOf } from '../../core/office/editor';
import { type Day, daysOf, type Entry, type Week } from '../../core/office/timetable';
import { type Key, useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';
import { dayText, kKindTexts, reasonText, ruleText } from './timetable-words';
import { useDrag } from './use-drag';
import { type Editing, useEditor } from './use-editor';

const kSaid: Readonly<Record<Exclude<Said['kind'], 'refused'>, Key>> = {
  moved: 'timetable.edit_moved',
  back: 'timetable.edit_back',
  kept: 'timetable.edit_kept',
  changed: 'timetable.edit_changed',
  failed: 'timetable.edit_failed',
  foreign: 'timetable.edit_foreign',
};

/** What a time says to the lesson that is held; null: nothing yet. */
function useWords(): { readonly ofSpot: (held: Held, spot: Spot) => string; readonly ofSaid: (said: Said) => string } {
  const { t } = useI18n();
  const when = ({ day, start }: Spot): string => `${dayText(t, day)} ${start}`;
  return {
    ofSpot(held, spot) {
      if (isSame(spot, held.from)) return t('timetable.edit_here', { when: when(spot) });
      const verdict = verdictOf(held, spot);
      if (verdict === null) return t('timetable.edit_asking', { when: when(spot) });
      const [first] = [...verdict.findings].sort((a, b) => Number(b.error) - Number(a.error));
      if (first === undefined) return t('timetable.edit_fine', { when: when(spot) });
      return t(verdict.ok ? 'timetable.edit_but' : 'timetable.edit_no', { when: when(spot), why: reasonText(t, first, held.entry.id) });
    },
    ofSaid(said) {
      if (said.kind !== 'refused') return t(kSaid[said.kind]);
      const why = said.verdict.findings.filter(({ error }) => error).map((one) => reasonText(t, one, 0));
      return t('timetable.edit_refused', { when: when(said.verdict), why: why.join(t('timetable.edit_and')) });
    },
  };
}

interface CellProps {
  readonly spot: Spot;
  readonly entries: readonly Entry[];
  readonly editing: Editing;
  readonly drag: ReturnType<typeof useDrag<{ entry: Entry; from: Spot }>>;
}

function markOf(held: Held, spot: Spot): 'here' | 'asking' | 'fine' | 'but' | 'no' {
  if (isSame(spot, held.from)) return 'here';
  const verdict = verdictOf(held, spot);
  if (verdict === null) return 'asking';
  return !verdict.ok ? 'no' : verdict.findings.length > 0 ? 'but' : 'fine';
}

function Cell({ spot, entries, editing, drag }: CellProps): JSX.Element {
  const { t } = useI18n();
  const { state, dispatch } = editing;
  const { held } = state;
  const mark = held === null ? null : markOf(held, spot);
  const [first] = held === null ? [] : (verdictOf(held, spot)?.findings.filter(({ error }) => error === (mark === 'no')) ?? []);
  const dropHere = (): void => {
    if (held === null) return;
    dispatch({ type: 'over', spot });
    dispatch({ type: 'dropped' });
  };
  const click = (entry: Entry): void => {
    if (drag.isDragsEnd()) return;
    if (held?.entry.id === entry.id) dispatch({ type: 'dropped' });
    else dispatch({ type: 'picked', entry, from: spot });
  };
  return (
    <td
      class={['edit__cell', ...(mark === null ? [] : [`edit__cell--${mark}`]), ...(held !== null && isSame(held.over, spot) ? ['edit__cell--over'] : [])].join(' ')}
      data-day={spot.day}
      data-start={spot.start}
      onClick={dropHere}
    >
      {entries.map((entry) => {
        const isHeld = held?.entry.id === entry.id;
        const { shift } = drag;
        return (
          <button
            key={entry.id}
            type="button"
            class={`edit__card edit__card--${entry.delivery}${isHeld ? ' edit__card--held' : ''}`}
            data-row={entry.id}
            aria-pressed={isHeld}
            disabled={state.saving !== null}
            style={isHeld && shift !== null ? { transform: `translate(${shift.x}px, ${shift.y}px)`, pointerEvents: 'none' } : {}}
            onPointerDown={(event) => drag.onPointerDown(event, { entry, from: spot })}
            onClick={(event) => {
              event.stopPropagation();
              click(entry);
            }}
          >
            <b>{entry.subject || t(kKindTexts[entry.kind])}</b>
            <span class="edit__more">{[`${entry.start}–${entry.end}`, entry.lead].filter((part) => part !== '').join(' ')}</span>
          </button>
        );
      })}
      {(mark === 'no' || mark === 'but' || mark === 'fine') && (
        <span class="edit__mark" aria-hidden="true">
          <Icon name={mark === 'no' ? 'cross' : 'check'} size={18} />
          <span class="edit__why">{first === undefined ? '' : ruleText(t, first)}</span>
        </span>
      )}
    </td>
  );
}

interface GridProps {
  readonly days: readonly Day[];
  readonly lines: readonly Line[];
  readonly editing: Editing;
}

function Grid({ days, lines, editing }: GridProps): JSX.Element {
  const { t } = useI18n();
  const { state, dispatch } = editing;
  const area = useRef<HTMLTableElement>(null);
  const drag = useDrag<{ entry: Entry; from: Spot }>(area, {
    onPick: ({ entry, from }) => dispatch({ type: 'picked', entry, from }),
    onOver(under) {
      const cell = under?.closest<HTMLElement>('[data-start]');
      if (cell) dispatch({ type: 'over', spot: { day: Number(cell.dataset['day']), start: cell.dataset['start'] ?? '' } });
    },
    onDrop: () => dispatch({ type: 'dropped' }),
    onCancel: () => dispatch({ type: 'let-be' }),
  });
  return (
    <table ref={area} class={state.held === null ? 'edit' : 'edit edit--held'} aria-label={t('timetable.edit_week')}>
      <thead>
        <tr>
          <th scope="col">{t('timetable.edit_time')}</th>
          {days.map(({ date, number }) => (
            <th key={date} scope="col">
              {dayText(t, number)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map(({ start }) => (
          <tr key={start}>
            <th scope="row">{start}</th>
            {days.map(({ date, number, entries }) => {
              const spot = { day: number, start };
              return <Cell key={date} spot={spot} entries={entries.filter((one) => one.start === start)} editing={editing} drag={drag} />;
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface EditorProps {
  readonly of: string;
  readonly week: Week;
  readonly onMoved: () => void;
}

/** A class's week of drafts, whose lessons can be dragged: by mouse, by finger, or by Enter and
 *  arrow keys. Where one may go is the server's to say. */
export function WeekEditor({ of, week, onMoved }: EditorProps): JSX.Element {
  const { t } = useI18n();
  const words = useWords();
  const seen = useRef<{ readonly of: string; readonly lines: readonly Line[] }>({ of, lines: [] });
  seen.current = { of, lines: linesOf(week, seen.current.of === of ? seen.current.lines : []) };
  const days = daysOf(week);
  const { lines } = seen.current;
  const editing = useEditor(`${of} ${week.monday}`, days.map(({ number }) => number), lines, onMoved);
  const { held, said, last, saving } = editing.state;
  // The card that was moved by keyboard is where the keyboard goes on.
  const bar = useRef<HTMLDivElement>(null);
  const moved = last?.entry.id ?? null;
  useEffect(() => {
    if (moved === null || (document.activeElement !== document.body && document.activeElement !== null)) return;
    bar.current?.parentElement?.querySelector<HTMLElement>(`[data-row="${moved}"]`)?.focus();
  }, [week]);
  return (
    <section class="editor">
      <p class="office__text" id="edit-how">
        {t('timetable.edit_how')}
      </p>
      <Grid days={days} lines={lines} editing={editing} />
      <div ref={bar} class="edit__bar">
        <p class={said?.kind === 'refused' || said?.kind === 'failed' ? 'edit__said edit__said--bad' : 'edit__said'} role="status">
          {held !== null && words.ofSpot(held, held.over)}
          {held !== null && held.shared && ` ${t('timetable.edit_shared')}`}
          {held === null && saving !== null && t('timetable.edit_saving')}
          {held === null && said !== null && words.ofSaid(said)}
        </p>
        {held !== null && (
          <button type="button" class="button" onClick={() => editing.dispatch({ type: 'let-be' })}>
            {t('timetable.edit_leave')}
          </button>
        )}
        {held === null && last !== null && (
          <button type="button" class="button" disabled={saving !== null} onClick={() => editing.dispatch({ type: 'take-back' })}>
            {t('timetable.edit_undo')}
          </button>
        )}
      </div>
    </section>
  );
}
