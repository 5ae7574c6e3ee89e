import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { Trouble } from '../../core/siblings';
import { type Key, useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';
import { Sheet } from '../sheet';
import { chooseTextSize, kTextSizes, rememberedTextSize, type TextSize } from '../text-size';
import type { Company } from '../use-company';

interface MoreSheetProps {
  readonly token: string;
  readonly company: Company;
  readonly live: boolean;
  readonly onClose: () => void;
}

const kSizes: Readonly<Record<TextSize, Key>> = {
  normal: 'company.size_normal',
  large: 'company.size_large',
  huge: 'company.size_huge',
};

const kTroubles: Readonly<Record<Trouble, Key>> = {
  no_link: 'company.sibling_no_link',
  own: 'company.sibling_own',
  not_found: 'company.sibling_not_found',
  other_lesson: 'company.sibling_other_lesson',
  too_many: 'company.sibling_too_many',
};

/** Another child in front of the same screen is counted too, with the link the school gave her. */
function Siblings({ company, token }: Pick<MoreSheetProps, 'company' | 'token'>): JSX.Element {
  const { t } = useI18n();
  const [pasted, setPasted] = useState('');
  const trouble = company.siblings.find((one) => one.trouble !== null)?.trouble ?? null;
  const counted = company.siblings.filter((one) => one.trouble === null).length;
  const add = (): void => {
    company.addSibling(pasted, token);
    setPasted('');
  };
  return (
    <div class="more__part">
      <p class="more__title">{t('company.siblings')}</p>
      <p class="more__text">{t('company.siblings_text')}</p>
      <div class="more__row">
        <input
          class="field"
          type="text"
          data-keys="own"
          value={pasted}
          aria-label={t('company.sibling_link')}
          placeholder={t('company.sibling_link')}
          onInput={(event) => setPasted(event.currentTarget.value)}
        />
        <button type="button" class="button" disabled={!company.up || pasted.trim() === ''} onClick={add}>
          {t('company.sibling_add')}
        </button>
      </div>
      <p class={trouble === null ? 'more__text' : 'more__text more__text--bad'} role="status">
        {trouble !== null ? t(kTroubles[trouble]) : counted > 0 ? t('company.siblings_counted', { n: counted }) : ''}
      </p>
    </div>
  );
}

export function MoreSheet({ token, company, live, onClose }: MoreSheetProps): JSX.Element {
  const { t } = useI18n();
  const [size, setSize] = useState(rememberedTextSize);
  const pick = (next: TextSize): void => {
    chooseTextSize(next);
    setSize(next);
  };
  return (
    <Sheet title={t('company.more_title')} onClose={onClose}>
      <div class="more__part">
        <p class="more__title">{t('company.size')}</p>
        <div class="more__sizes" role="radiogroup" aria-label={t('company.size')}>
          {kTextSizes.map((one) => (
            <button key={one} type="button" class={`size size--${one}`} role="radio" aria-checked={one === size} onClick={() => pick(one)}>
              {one === size && <Icon name="check" size={20} />}
              {t(kSizes[one])}
            </button>
          ))}
        </div>
      </div>
      {live && <Siblings company={company} token={token} />}
    </Sheet>
  );
}
