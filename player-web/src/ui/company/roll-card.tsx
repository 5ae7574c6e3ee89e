import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';
import type { Company } from '../use-company';

interface RollCardProps {
  readonly lesson: string;
  readonly company: Company;
}

const kThanksMs = 5000;
const kKey = 'tongke.here';

/** Asked once a lesson, reloads included. */
function remembered(lesson: string): boolean {
  try {
    return sessionStorage.getItem(kKey) === lesson;
  } catch {
    return false;
  }
}
function remember(lesson: string): void {
  try {
    sessionStorage.setItem(kKey, lesson);
  } catch {
    // storage is switched off: a reload asks again
  }
}

/** "Who is here?": one tap answers. Lies over the page's foot, so that nothing moves. */
export function RollCard({ lesson, company }: RollCardProps): JSX.Element | null {
  const { t } = useI18n();
  const [step, setStep] = useState<'asked' | 'failed' | 'thanked' | 'over'>(() => (remembered(lesson) ? 'over' : 'asked'));
  useEffect(() => {
    if (step !== 'thanked') return undefined;
    const timer = setTimeout(() => setStep('over'), kThanksMs);
    return () => clearTimeout(timer);
  }, [step]);
  if (step === 'over') return null;
  const leave = (next: 'thanked' | 'over'): void => {
    remember(lesson);
    setStep(next);
  };
  return (
    <section class="roll-card card" aria-label={t('company.here_title')}>
      <p class="roll-card__words" role="status">
        {step === 'thanked' ? t('company.here_done') : step === 'failed' ? t('company.here_failed') : t('company.here_title')}
      </p>
      {step !== 'thanked' && (
        <>
          <button type="button" class="button button--primary roll-card__do" onClick={() => (company.say({ t: 'here' }) ? leave('thanked') : setStep('failed'))}>
            <Icon name="check" />
            {t('company.here')}
          </button>
          <button type="button" class="link" onClick={() => leave('over')}>
            {t('company.here_not')}
          </button>
        </>
      )}
    </section>
  );
}
