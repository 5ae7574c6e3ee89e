import type { JSX } from 'preact';

import type { Part } from '../../core/eyes';

type Point = readonly [number, number];

/** Where the fingers go, on a drawing of 200 by 200. */
const kPoints: Readonly<Record<Part, readonly Point[]>> = {
  ready: [],
  inner_brow: [[87, 79], [113, 79]],
  inner_corner: [[90, 94], [110, 94]],
  below_eye: [[72, 113], [128, 113]],
  temple: [[48, 88], [152, 88]],
  nape: [[82, 146], [118, 146]],
  ear: [[36, 116], [164, 116]],
  far: [],
};

const kFront = 'M58 79q13-9 27-2M115 77q14-7 27 2M100 98v17q-4 4-8 3M86 138q14 9 28 0';
const kShut = 'M58 95q14 9 28 0M114 95q14 9 28 0';
const kOpen = 'M58 95q14-14 28 0q-14 12-28 0zM114 95q14-14 28 0q-14 12-28 0z';
/** The hairline on the nape, and the neck. */
const kBack = 'M58 118q10 30 42 30t42-30M78 162v22M122 162v22';

/** A child's head with closed eyes; for the nape, from behind. Beside words that say the same. */
export function Face({ part }: { part: Part }): JSX.Element {
  return (
    <svg class="face" viewBox="0 0 200 200" aria-hidden="true">
      <path d="M100 24c-38 0-56 28-56 66 0 42 26 80 56 80s56-38 56-80c0-38-18-66-56-66z" />
      <path d="M44 88c-12-6-16 6-12 18 3 9 8 15 16 14M156 88c12-6 16 6 12 18-3 9-8 15-16 14" />
      <path d={part === 'nape' ? kBack : kFront} />
      {part !== 'nape' && <path d={part === 'far' ? kOpen : kShut} />}
      {kPoints[part].map(([x, y]) => (
        <circle key={x} class="face__point" cx={x} cy={y} r="8" />
      ))}
    </svg>
  );
}
