import type { JSX } from 'preact';

/** Chalk on the board: one teacher's blackboard, three homes that see it. */
export function HomePicture(): JSX.Element {
  return (
    <svg class="hero__picture" viewBox="0 0 420 236" aria-hidden="true" focusable="false">
      <path class="chalk chalk--soft" d="M160 112C110 130 84 138 70 154M210 118v34M260 112c50 18 76 26 90 42" />
      <rect class="chalk" x="140" y="14" width="140" height="84" rx="7" />
      <path class="chalk chalk--amber" d="M132 105h156" />
      <path class="chalk" d="M160 40h38M160 57h26M160 74h32" />
      <path class="chalk chalk--full" d="M224 40v34l28-17z" />
      <Home x={22} />
      <Home x={162} />
      <Home x={302} />
      <path class="chalk chalk--amber" d="M58 192h24v24H58zM66 220h8" />
      <rect class="chalk chalk--amber" x="202" y="186" width="17" height="32" rx="3" />
      <path class="chalk chalk--amber" d="M330 190h40v24h-40zM324 220h52" />
    </svg>
  );
}

function Home({ x }: { x: number }): JSX.Element {
  return <path class="chalk" d={`M${x} 184l48-28 48 28M${x + 9} 180v48h78v-48`} />;
}
