import { doorOn } from '../core/line';
import type { Way } from '../core/state';
import type { Engine, EngineRequest } from './engine';
import { loadHls } from './hls-loader';
import { startNativeEngine } from './native-engine';
import { presentLine } from './present-line';

/** Makes engines of one viewer; those of hls.js and WebRTC come when their code is there. */
export interface Engines {
  /** WebRTC's door for this viewer; null where there is none. */
  readonly door: { readonly path: string; readonly token: string } | null;
  /** Which player shows playlists. */
  kind: 'native' | 'hlsjs';
}

/** @param made  not called any more once `isStale()`; `native` engines are made at once */
export function makeEngine(engines: Engines, by: Way, request: EngineRequest, made: (engine: Engine) => void, isStale: () => boolean): void {
  const failed = (): void => {
    if (!isStale()) request.report.broken('network');
  };
  if (by === 'whep') {
    const { path, token } = engines.door ?? { path: '', token: '' };
    import('./whep-engine').then((module) => {
      if (!isStale()) made(module.startWhepEngine({ ...request, url: doorOn(path, presentLine()) }, token));
    }, failed);
  } else if (engines.kind === 'native') {
    made(startNativeEngine(request));
  } else {
    loadHls().then((module) => {
      if (!isStale()) made(module.startHlsEngine(request));
    }, failed);
  }
}
