import { addTexts } from './i18n';
import en from './tv.en.json';
import zh from './tv.zh-CN.json';
import './watch';

/** The television's texts, and those of the lesson on it. */
addTexts({ 'zh-CN': zh, en });
