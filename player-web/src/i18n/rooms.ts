import { addTexts } from './i18n';
import './notes';
import en from './rooms.en.json';
import zh from './rooms.zh-CN.json';

/** Texts of the classes on the studio page. */
addTexts({ 'zh-CN': zh, en });
