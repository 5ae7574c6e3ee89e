import { useEffect, useState } from 'preact/hooks';

import { ask } from '../core/ask';
import { backOff } from '../core/delay';
import { startPoll } from '../core/poll';
import { decodeStills, type Still, stillList } from '../core/stills';

/** The lesson's stills while they are wanted; none in a replay, which has no list of them. Asking is also what keeps
 *  them being made. */
export function useStills(master: string, wanted: boolean, everyMs: number): readonly Still[] {
  const [stills, setStills] = useState<readonly Still[]>([]);
  useEffect(() => {
    if (!wanted) return undefined;
    const poll = startPoll({
      load: (signal) => ask('GET', stillList(master), decodeStills, signal),
      heard(answer) {
        if (answer.kind === 'ok') setStills(answer.value);
      },
      next: (failures, random) => (failures === 0 ? everyMs : everyMs + backOff(failures, random)),
    });
    return () => {
      poll.stop();
      setStills([]);
    };
  }, [master, wanted]);
  return stills;
}
