import en from './desk.en.json';
import zh from './desk.zh-CN.json';
import { addTexts } from './i18n';
import './notes';
import watchEn from './watch.en.json';
import watchZh from './watch.zh-CN.json';

/** The desk's texts, and those of the player on it. */
addTexts({ 'zh-CN': { ...watchZh, ...zh }, en: { ...watchEn, ...en } });
