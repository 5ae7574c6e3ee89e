import { addTexts } from './i18n';
import en from './timetable.en.json';
import zh from './timetable.zh-CN.json';

addTexts({ 'zh-CN': zh, en });
