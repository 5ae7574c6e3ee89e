import { addTexts } from './i18n';
import en from './family.en.json';
import zh from './family.zh-CN.json';

/** Texts of the family's own page. */
addTexts({ 'zh-CN': zh, en });
