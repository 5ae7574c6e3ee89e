import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import { elapsed, isTeaching, type Teaching } from '../../core/studio/state';
import { useI18n } from '../../i18n/i18n';
import { canCapture, canShareScreen } from '../../media/studio/capture';
import { Icon } from '../icons';
import { Sheet } from '../sheet';
import { Tool } from '../tool';
import { Bell } from './bell';
import { Devices } from './devices';
import { HandedOver, HandoverSheet } from './handover';
import { Light } from './light';
import { PhoneSheet } from './phone-sheet';
import { PreflightCard } from './preflight-card';
import { RoomsSlot } from './rooms-slot';
import { Stage } from './stage';
import type { Workshop } from './use-studio';

interface ClassroomProps {
  readonly state: Teaching;
  /** The teacher's own. */
  readonly link: string;
  readonly workshop: () => Workshop | null;
}

/** Devices that were allowed before are opened without asking the teacher to tap again. */
function useKnownPermission(workshop: () => Workshop | null): void {
  useEffect(() => {
    if (!canCapture()) {
      void workshop()?.capture.open(); // says why not
      return;
    }
    const ask = (name: string): Promise<boolean> =>
      navigator.permissions.query({ name: name as PermissionName }).then(({ state }) => state === 'granted');
    // Browsers without such permissions reject: then the button is there.
    Promise.all([ask('camera'), ask('microphone')]).then(
      (granted) => {
        if (granted.every(Boolean)) void workshop()?.capture.open();
      },
      () => undefined,
    );
  }, []);
}

/** A closed tab ends the broadcast: browsers ask first when told to. */
function useGuard(teaching: boolean): void {
  useEffect(() => {
    if (!teaching) return undefined;
    const onLeave = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', onLeave);
    return () => window.removeEventListener('beforeunload', onLeave);
  }, [teaching]);
}

export function Classroom({ state, link, workshop }: ClassroomProps): JSX.Element {
  const { t } = useI18n();
  const [open, setOpen] = useState<'end' | 'handover' | 'phone' | null>(null);
  const [endFailed, setEndFailed] = useState(false);
  const preview = useRef<HTMLVideoElement>(null);
  const { phase, capture, preflight } = state;
  const { lead } = state.studio;
  const teaching = isTeaching(phase);
  const handed = lead !== null && !lead.yours && phase.kind !== 'ended';
  useKnownPermission(workshop);
  useGuard(teaching);

  const refresh = (): void => workshop()?.refresh();
  const end = (): void => {
    setOpen(null);
    setEndFailed(false);
    void workshop()?.publisher.end().then((ended) => setEndFailed(!ended));
  };
  const showsTest = !teaching && capture.microphone && phase.kind === 'before';
  // Tried out before class; during it, her classes come first.
  const devices = capture.step === 'open' && (
    <Devices capture={capture} track={() => workshop()?.capture.audio() ?? null} onChoose={(chosen) => void workshop()?.capture.choose(chosen)} />
  );
  return (
    <main class={`studio studio--${phase.kind}`}>
      <h1 class="studio__title">{state.studio.lesson.title}</h1>
      <section class="studio__stage" aria-label={t('studio.preview')}>
        <Light state={state} />
        <Stage state={state} preview={preview} workshop={workshop} />
        {capture.step === 'open' && phase.kind !== 'ended' && (
          <div class="studio__tools">
            <Tool
              icon={capture.muted ? 'mic_off' : 'mic'}
              label={capture.muted ? t('studio.unmute') : t('studio.mute')}
              text={capture.muted ? t('studio.unmute') : t('studio.mute')}
              disabled={!capture.microphone}
              pressed={capture.muted}
              onClick={() => workshop()?.capture.mute(!capture.muted)}
            />
            {canShareScreen() && (
              <Tool
                icon={capture.source === 'screen' ? 'camera' : 'screen'}
                label={capture.source === 'screen' ? t('studio.unshare') : t('studio.share')}
                text={capture.source === 'screen' ? t('studio.unshare') : t('studio.share')}
                onClick={() => (capture.source === 'screen' ? workshop()?.capture.showCamera() : void workshop()?.capture.shareScreen())}
              />
            )}
            {capture.cameras.length > 1 && capture.source === 'camera' && (
              <Tool icon="turn" label={t('studio.turn')} text={t('studio.turn')} onClick={() => void workshop()?.capture.turn()} />
            )}
            <Tool icon="phone" label={t('studio.phone')} text={t('studio.phone')} onClick={() => setOpen('phone')} />
            {lead?.yours === true && (
              <Tool icon="people" label={t('studio.handover')} text={t('studio.handover')} onClick={() => setOpen('handover')} />
            )}
          </div>
        )}
      </section>
      <div class="studio__side">
        {handed && <HandedOver link={link} name={lead.name ?? ''} phase={phase} onDone={refresh} />}
        {(!handed || teaching) && <Bell state={state} onStart={() => void workshop()?.teach()} onEnd={() => setOpen('end')} />}
        {endFailed && teaching && (
          <p class="studio__warning" role="alert">
            {t('studio.end_failed')}
          </p>
        )}
        {showsTest && (
          <PreflightCard
            preflight={preflight}
            onStart={() => workshop()?.startPreflight(capture.source === 'camera' ? preview.current : null)}
            onStop={() => workshop()?.stopPreflight()}
          />
        )}
        {phase.kind === 'before' && devices}
        {state.studio.signal !== null && phase.kind !== 'ended' && (
          <RoomsSlot
            where={state.studio.signal}
            link={link}
            place={state.studio.lesson.startedMs === null && state.sinceMs === null ? 'start' : Math.floor(elapsed(state, Date.now()))}
            mediaMs={() => Math.round(elapsed(state, Date.now()) * 1000)}
          />
        )}
        {phase.kind !== 'before' && phase.kind !== 'ended' && devices}
        <p class="studio__offline" role="status">
          {state.offline && !teaching && (
            <>
              <Icon name="offline" size={20} />
              {t('studio.offline')}
            </>
          )}
        </p>
      </div>
      {open === 'end' && (
        <Sheet title={t('studio.end_title')} closeText={t('studio.end_no')} onClose={() => setOpen(null)}>
          <p class="sheet__text">{t('studio.end_text')}</p>
          <button type="button" class="button button--live sheet__do" onClick={end}>
            {t('studio.end_yes')}
          </button>
        </Sheet>
      )}
      {open === 'handover' && (
        <HandoverSheet
          link={link}
          onDone={() => {
            setOpen(null);
            refresh();
          }}
          onClose={() => setOpen(null)}
        />
      )}
      {open === 'phone' && <PhoneSheet onClose={() => setOpen(null)} />}
    </main>
  );
}
