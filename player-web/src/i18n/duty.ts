import { addTexts } from './i18n';
import en from './duty.en.json';
import zh from './duty.zh-CN.json';

/** Texts of the duty roster, which comes after the office's page. */
addTexts({ 'zh-CN': zh, en });
