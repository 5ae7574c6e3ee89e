import { addTexts } from './i18n';
import en from './channels.en.json';
import zh from './channels.zh-CN.json';

/** Texts of the school's screens, which come after the office's page. */
addTexts({ 'zh-CN': zh, en });
