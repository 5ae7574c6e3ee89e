import { useState } from 'preact/hooks';

import { decodeLook, type Look } from '../../core/inspect/decode';
import { useI18n } from '../../i18n/i18n';
import { useCall } from '../office/use-call';

export interface LookHold {
  readonly open: (draw: string, lesson: string) => void;
  readonly busy: boolean;
  readonly said: string;
}

/** Opens a drawn lesson for looking; the server writes the look down first. */
export function useLook(onLook: (look: Look) => void): LookHold {
  const { t } = useI18n();
  const call = useCall();
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  const open = (draw: string, lesson: string): void => {
    setBusy(true);
    setSaid('');
    call({ method: 'POST', path: '/api/v1/inspection/checks', json: { draw, lesson }, decode: decodeLook }, (reply) => {
      setBusy(false);
      if (reply.kind === 'ok') onLook(reply.value);
      else setSaid(t('inspect.look_failed'));
    });
  };
  return { open, busy, said };
}
