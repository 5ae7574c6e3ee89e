import en from './home.en.json';
import zh from './home.zh-CN.json';
import { addTexts } from './i18n';

/** The front door's texts. */
addTexts({ 'zh-CN': zh, en });
