import { addTexts } from './i18n';
import en from './office.en.json';
import zh from './office.zh-CN.json';

/** The office's texts. */
addTexts({ 'zh-CN': zh, en });
