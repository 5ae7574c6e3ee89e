import '../../styles/group.css';
import '../../i18n/group';

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { decodeGroupLesson, type GroupLesson, type News, newsOf, todays } from '../../core/office/group';
import { page, type SchoolClass } from '../../core/office/decode';
import { moment } from '../../core/format';
import { type Key, useI18n } from '../../i18n/i18n';
import { className } from './class-name';
import { ClassPoster } from './class-poster';
import { ListEnd } from './list-end';
import { usePages } from './use-pages';

const kNewsTexts: Readonly<Record<News, Key>> = { starting: 'group.starting', changed: 'group.changed', replay: 'group.replay' };
const kSayings: Readonly<Record<News, Key>> = { starting: 'group.say_starting', changed: 'group.say_changed', replay: 'group.say_replay' };
const readLessons = page(decodeGroupLesson);

/** For a group that has no robot: words to copy, and a poster to print. */
export function ClassGroup({ of }: { of: SchoolClass }): JSX.Element {
  const i18n = useI18n();
  const { t, language } = i18n;
  const lessons = usePages('/api/v1/lessons', readLessons);
  const [message, setMessage] = useState('');
  const [copied, setCopied] = useState(false);
  const [poster, setPoster] = useState(false);
  const today = todays(lessons.items, of.id, Date.now());
  const copy = (lesson: GroupLesson, news: News): void => {
    const at = lesson.startsMs ?? lesson.startedMs ?? Date.now();
    const words = t(kSayings[news], { class: className(i18n, of), title: lesson.title, when: moment(language, at), page: `${location.origin}/` });
    setMessage(words);
    setCopied(false);
    navigator.clipboard?.writeText(words).then(
      () => setCopied(true),
      () => undefined, // the words stand there to be copied by hand
    );
  };
  if (poster) return <ClassPoster of={of} onClose={() => setPoster(false)} />;
  return (
    <div class="card office__card">
      <h2>{t('group.title')}</h2>
      <p class="office__text">{t('group.text')}</p>
      {today.length > 0 && (
        <ul class="group" aria-label={t('group.lessons')}>
          {today.map((lesson) => (
            <li key={`${lesson.startsMs} ${lesson.title}`} class="group__lesson">
              <b>{lesson.title}</b>
              {lesson.startsMs !== null && <span>{moment(language, lesson.startsMs)}</span>}
              {newsOf(lesson).map((news) => (
                <button key={news} type="button" class="button" aria-label={t('group.copy_label', { what: t(kNewsTexts[news]), title: lesson.title })} onClick={() => copy(lesson, news)}>
                  {t(kNewsTexts[news])}
                </button>
              ))}
            </li>
          ))}
        </ul>
      )}
      {today.length === 0 && lessons.state === 'all' && <p class="office__text">{t('group.none')}</p>}
      {lessons.state !== 'all' && <ListEnd pages={lessons} empty={t('group.none')} />}
      {message !== '' && (
        <>
          <p class="office__fine" role="status">
            {t(copied ? 'group.copied' : 'group.by_hand')}
          </p>
          <textarea class="entry__line group__message" rows={4} readOnly aria-label={t('group.message')} value={message} onFocus={(event) => event.currentTarget.select()} />
        </>
      )}
      <p class="office__do">
        <button type="button" class="button" onClick={() => setPoster(true)}>
          {t('group.poster')}
        </button>
      </p>
    </div>
  );
}
