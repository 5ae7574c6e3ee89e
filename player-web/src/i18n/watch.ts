import { addTexts } from './i18n';
import en from './watch.en.json';
import zh from './watch.zh-CN.json';

/** The watch page's texts. */
addTexts({ 'zh-CN': zh, en });
