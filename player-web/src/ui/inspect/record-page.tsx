import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { moment, timeOfDay } from '../../core/format';
import { type Check, decodeCheck, type Signed } from '../../core/inspect/decode';
import { kForm } from '../../core/inspect/form';
import { useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';
import { useCall } from '../office/use-call';
import { aboutLesson, kItems, markWords, titleOf } from './words';

function Line({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{children}</td>
    </tr>
  );
}

/** The record as it was signed; also on paper. */
function Sheet({ check, signed }: { check: Check; signed: Signed }): JSX.Element {
  const { t, language } = useI18n();
  const { lesson, counts } = { lesson: check.lesson, counts: signed.counts };
  const { marks, remark, stills } = signed;
  return (
    <article class="inspect__record">
      <h1 class="office__title">{t('inspect.record')}</h1>
      <p class={check.intact ? 'inspect__said office__fine' : 'inspect__said door__trouble'}>
        <Icon name={check.intact ? 'check' : 'attention'} size={20} />
        {check.intact ? t('inspect.intact') : t('inspect.broken')}
      </p>
      <table class="grid">
        <tbody>
          <Line name={t('inspect.record_lesson')}>
            {titleOf(t, lesson)}
            <br />
            <span class="inspect__soft">{aboutLesson(t, lesson)}</span>
          </Line>
          <Line name={t('inspect.record_inspector')}>{check.by}</Line>
          <Line name={t('inspect.record_time')}>{t('inspect.record_span', { from: moment(language, check.openedMs), to: moment(language, check.signedMs ?? check.openedMs) })}</Line>
          {counts !== null && <Line name={t('inspect.record_people')}>{t('inspect.record_counts', counts)}</Line>}
          {kForm.map(([item]) => {
            const mark = marks[item];
            return (
              <Line key={item} name={t(kItems[item])}>
                {mark !== undefined && markWords(t, item, mark)}
              </Line>
            );
          })}
          <Line name={t('inspect.record_remark')}>
            <span class="inspect__words">{remark}</span>
          </Line>
          <Line name={t('inspect.record_draw')}>
            <a href={`/api/v1/inspection/draws/${check.draw}`} download={`tongke-draw-${check.draw}.json`}>
              {t('inspect.record_file')}
            </a>
          </Line>
        </tbody>
      </table>
      <div class="inspect__stills">
        {stills.map((at, place) => (
          <img key={at} src={`/api/v1/inspection/checks/${check.id}/stills/${place + 1}`} alt={t('inspect.still', { time: timeOfDay(language, at, true) })} />
        ))}
      </div>
    </article>
  );
}

export function RecordPage({ id }: { id: string }): JSX.Element {
  const { t } = useI18n();
  const call = useCall();
  const [check, setCheck] = useState<Check | null | 'missing'>(null);
  useEffect(() => call({ method: 'GET', path: `/api/v1/inspection/checks/${id}`, decode: decodeCheck }, (reply) => setCheck(reply.kind === 'ok' ? reply.value : 'missing')), [id]);
  return (
    <>
      <p class="office__do inspect__back">
        <a class="button" href="#/records">
          {t('inspect.to_records')}
        </a>
        {check !== null && check !== 'missing' && (
          <button type="button" class="button" onClick={() => window.print()}>
            {t('inspect.print')}
          </button>
        )}
      </p>
      {check === null && <p role="status">{t('inspect.loading')}</p>}
      {check === 'missing' && <p role="alert">{t('inspect.records_none')}</p>}
      {check !== null && check !== 'missing' && check.signed !== null && <Sheet check={check} signed={check.signed} />}
      {check !== null && check !== 'missing' && check.signed === null && <p>{t('inspect.unsigned')}</p>}
    </>
  );
}
