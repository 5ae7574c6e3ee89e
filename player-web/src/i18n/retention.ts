import { addTexts } from './i18n';
import en from './retention.en.json';
import zh from './retention.zh-CN.json';

/** Texts of what is kept and what goes, which comes after the office's page. */
addTexts({ 'zh-CN': zh, en });
