import { addTexts } from './i18n';
import en from './studio.en.json';
import zh from './studio.zh-CN.json';

/** The studio's texts, which pupils' pages do not carry. */
addTexts({ 'zh-CN': zh, en });
