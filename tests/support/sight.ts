import { readdirSync, readFileSync } from 'node:fs';

import type { Page } from 'playwright-core';

import { kRoot } from './paths';

/** What a look at a page finds without eyes: things cut off or hanging over, too small for a finger, or in the wrong language. */

export interface Sight {
  /** Of the window, CSS px; `innerWidth` grows with what hangs over. */
  readonly width: number;
  readonly touch: boolean;
  readonly language: 'zh-CN' | 'en';
}

const kTexts = `${kRoot}player-web/src/i18n/`;
const kAreas = readdirSync(kTexts).flatMap((name) => /^(\w+)\.en\.json$/.exec(name)?.[1] ?? []);
/** Names that are the same in every language, and what the made-up lessons say. */
const kNames =
  /三年级\.csv|My school|QQ|Esc|账号 wang|MP4|M4A|CSV|xlsx|Excel|OBS|Chrome|Edge|Safari|https?|Wi-Fi|USB|GBK|UTF|MB|kB|GB|[kM]bps|[kM]bit|Tongke|English|Colours|RTMP|IPTV|cable-3|iptv-3|head-end|dingtalk|\[outputs\]|docs\/(inspection|outputs)\.md|tongke account create|\/tv|\/studio\/|\b127\.0\.0\.1(:\d+)?\/?\w*/g;

function leaves(texts: unknown): string[] {
  return typeof texts === 'string' ? [texts] : Object.values(texts as object).flatMap(leaves);
}

/** Every Chinese text of the pages as a pattern, but those too short to tell from what people are called. */
const kChinese = kAreas
  .flatMap((area) => leaves(JSON.parse(readFileSync(`${kTexts}${area}.zh-CN.json`, 'utf8'))))
  .filter((text) => (text.replace(/\{\{\w+\}\}/g, '').match(/\p{Script=Han}/gu)?.length ?? 0) >= 4)
  .map((text) => new RegExp(`^${text.replace(/[.*+?^$()[\]|\\]/g, '\\$&').replace(/\{\{\w+\}\}/g, '.*')}$`, 'u'));
const kKey = new RegExp(`\\b(${kAreas.join('|')})\\.[a-z]\\w*\\b|\\{\\{|\\bundefined\\b|\\bNaN\\b|\\[object`);

/** Runs in the page. */
function look({ width, touch }: { width: number; touch: boolean }): { problems: string[]; words: string[] } {
  const problems: string[] = [];
  const name = (element: Element): string => `${element.tagName.toLowerCase()}.${String(element.getAttribute('class') ?? '').split(' ').join('.')} "${(element.textContent ?? '').trim().slice(0, 40)}"`;
  const hidden = (element: Element): boolean => element.closest('.aside, [aria-hidden="true"], svg') !== null || (element as HTMLElement).offsetParent === null;
  const over = document.documentElement.scrollWidth - width;
  if (over > 0) problems.push(`the page hangs over by ${over} px`);

  const words: string[] = [];
  for (const element of document.querySelectorAll('body *')) {
    for (const attribute of ['aria-label', 'placeholder', 'alt', 'title']) {
      const value = element.getAttribute(attribute);
      if (value !== null && element.closest('[lang]')?.tagName === 'HTML') words.push(value);
    }
    const own = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '');
    if (own.length === 0 || ['SCRIPT', 'STYLE', 'OPTION', 'TEXTAREA'].includes(element.tagName)) continue;
    if (element.closest('[lang]')?.tagName === 'HTML' && element.closest('pre, code') === null) words.push(...own.map((node) => (node.textContent ?? '').trim()));
    if (hidden(element)) continue;
    const style = getComputedStyle(element);
    const scrolls = /auto|scroll/.test(style.overflowX + style.overflowY);
    if (style.display !== 'inline' && style.textOverflow !== 'ellipsis' && !scrolls) {
      if (element.scrollWidth > element.clientWidth + 1) problems.push(`cut at its side: ${name(element)} ${element.scrollWidth} > ${element.clientWidth}`);
      if (style.overflowY !== 'visible' && element.scrollHeight > element.clientHeight + 1) problems.push(`cut below: ${name(element)}`);
    }
    if (parseFloat(style.fontSize) < 13) problems.push(`small print of ${style.fontSize}: ${name(element)}`);
  }
  if (!touch) return { problems, words };
  for (const element of document.querySelectorAll('button, a[href], input, select, textarea, summary')) {
    const box = (element.closest('label') ?? element).getBoundingClientRect();
    const style = getComputedStyle(element);
    // A link within a sentence is as high as its line.
    if (box.width === 0 || style.visibility === 'hidden' || (style.display === 'inline' && element.tagName === 'A' && element.parentElement?.tagName === 'P')) continue;
    if (box.width < 43.5 || box.height < 43.5) problems.push(`small for a finger: ${name(element)} ${Math.round(box.width)}x${Math.round(box.height)}`);
  }
  return { problems, words };
}

export async function sightProblems(page: Page, { width, touch, language }: Sight): Promise<string[]> {
  const { problems, words } = await page.evaluate(look, { width, touch });
  for (const said of words) {
    if (kKey.test(said)) problems.push(`not a text: ${said}`);
    if (language === 'zh-CN' && /[A-Za-z]{2,}/.test(said.replace(kNames, ''))) problems.push(`English on a Chinese page: ${said}`);
    if (language === 'en' && kChinese.some((text) => text.test(said))) problems.push(`Chinese on an English page: ${said}`);
  }
  return problems;
}
