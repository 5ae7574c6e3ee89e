import { timeOfDay } from '../../core/format';
import { useI18n } from '../../i18n/i18n';

/** "08:50". */
export function useHour(): (ms: number) => string {
  const { language } = useI18n();
  return (ms) => timeOfDay(language, ms);
}
