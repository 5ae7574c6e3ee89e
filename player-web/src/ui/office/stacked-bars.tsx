import '../../styles/chart.css';

import { BarChart, Svg } from 'chartist';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

// No page may have style attributes (Content-Security-Policy); the same by the style object it may.
const setAttributes = Svg.prototype.attr as (this: Svg, attributes: unknown, namespace?: string) => Svg;
Svg.prototype.attr = function (this: Svg, attributes: unknown, namespace?: string): Svg {
  if (typeof attributes !== 'object' || attributes === null || !('style' in attributes)) return setAttributes.call(this, attributes, namespace);
  const { style, ...others } = attributes as { style: string };
  this.getNode<SVGElement>().style.cssText = style;
  return setAttributes.call(this, others, namespace);
} as typeof Svg.prototype.attr;

/** One stack of a chart. */
export interface Stack {
  readonly label: string;
  readonly values: readonly number[];
}

interface StackedBarsProps {
  /** What the chart says, for who does not see it. */
  readonly summary: string;
  readonly stacks: readonly Stack[];
  /** Of each value of a stack, for its colour. */
  readonly classes: readonly string[];
  /** Lying bars have room for long labels. */
  readonly lying: boolean;
}

const kLyingPx = 34;
const kAxisPx = 36;
/** Five digits beside standing bars. */
const kNumbersPx = 64;
const kStandingPx = 270;
const kFewBars = 8;
const kLongestLabelPx = 280;
/** The last number of the axis is centred on its line. */
const kPadding = { top: 24, right: 24, bottom: 5, left: 0 };

/** Bars of several values on top of each other. The same numbers stand in a table beside it. */
export function StackedBars({ summary, stacks, classes, lying }: StackedBarsProps): JSX.Element {
  const at = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = at.current;
    if (element === null) return undefined;
    // Lying bars begin below.
    const ordered = lying ? [...stacks].reverse() : stacks;
    const series = classes.map((className, n) => ({ className, data: ordered.map(({ values }) => values[n] ?? 0) }));
    const numbers = { onlyInteger: true, low: 0, ...(lying ? { offset: kAxisPx, scaleMinSpace: 60 } : { offset: kNumbersPx, scaleMinSpace: 32 }) };
    const names = { showGrid: false, offset: lying ? Math.min(kLongestLabelPx, element.clientWidth * 0.36) : kAxisPx };
    const height = lying ? ordered.length * kLyingPx + kAxisPx + kPadding.top + kPadding.bottom : kStandingPx;
    const chart = new BarChart(
      element,
      { labels: ordered.map(({ label }) => label), series },
      { stackBars: true, horizontalBars: lying, chartPadding: kPadding, height: `${height}px`, axisX: lying ? numbers : names, axisY: lying ? names : numbers },
    );
    return () => {
      chart.detach();
      element.textContent = '';
    };
  }, [stacks, classes, lying]);
  return <div ref={at} class={`chart chart--${lying ? 'lying' : stacks.length > kFewBars ? 'many' : 'few'}`} role="img" aria-label={summary} />;
}
