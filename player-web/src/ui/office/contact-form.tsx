import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { kReached, kWays, type Reached, type Way } from '../../core/office/absent';
import { type Key, useI18n } from '../../i18n/i18n';

export const kReachedTexts: Readonly<Record<Reached, Key>> = { called: 'office.by_called', messaged: 'office.by_messaged', visited: 'office.by_visited' };
export const kWayTexts: Readonly<Record<Way, Key>> = {
  tv: 'office.way_tv',
  replay: 'office.way_replay',
  package: 'office.way_package',
  visit: 'office.way_visit',
  excused: 'office.way_excused',
  none: 'office.way_none',
};

interface ContactFormProps {
  readonly name: string;
  readonly busy: boolean;
  readonly failed: boolean;
  readonly onNote: (by: Reached, way: Way) => void;
  readonly onClose: () => void;
}

function Choices<T extends string>({ label, all, texts, chosen, onChoose }: { label: string; all: readonly T[]; texts: Readonly<Record<T, Key>>; chosen: T | null; onChoose: (one: T) => void }): JSX.Element {
  const { t } = useI18n();
  return (
    <div class="contact__choices" role="radiogroup" aria-label={label}>
      <span aria-hidden="true">{label}</span>
      {all.map((one) => (
        <button key={one} type="button" class="chip" role="radio" aria-checked={one === chosen} onClick={() => onChoose(one)}>
          {t(texts[one])}
        </button>
      ))}
    </div>
  );
}

/** How a family was reached, and how the child gets to the lesson. */
export function ContactForm({ name, busy, failed, onNote, onClose }: ContactFormProps): JSX.Element {
  const { t } = useI18n();
  const [by, setBy] = useState<Reached | null>(null);
  const [way, setWay] = useState<Way | null>(null);
  return (
    <div class="contact" role="group" aria-label={t('office.contact_of', { name })}>
      <Choices label={t('office.contact_by')} all={kReached} texts={kReachedTexts} chosen={by} onChoose={setBy} />
      <Choices label={t('office.contact_way')} all={kWays} texts={kWayTexts} chosen={way} onChoose={setWay} />
      <p class="office__do">
        <button type="button" class="button" disabled={busy || by === null || way === null} onClick={() => by !== null && way !== null && onNote(by, way)}>
          {t('office.contact_note')}
        </button>
        <button type="button" class="link" onClick={onClose}>
          {t('office.cancel')}
        </button>
      </p>
      <p class="door__trouble" role="alert">
        {failed && t('office.lesson_failed')}
      </p>
    </div>
  );
}
