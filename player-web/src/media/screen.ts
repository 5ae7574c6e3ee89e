/** The place for the picture: one <video> at a time, and while one player takes over from
 *  another a second one behind it, silent until it shows something. */
export interface Screen {
  /** What is seen and heard now. */
  video(): HTMLVideoElement;
  /** A second, muted <video> behind the first; the same one until show() or drop(). */
  behind(): HTMLVideoElement;
  /** The one behind comes to the front with its sound; the one before is taken away. */
  show(): void;
  /** Takes the one behind away. */
  drop(): void;
  setSound(volume: number, muted: boolean): void;
  dispose(): void;
}

function makeVideo(): HTMLVideoElement {
  const video = document.createElement('video');
  // Also in WeChat's and Apple's older dialects.
  const attributes = { playsinline: '', 'webkit-playsinline': '', 'x5-playsinline': '', 'x5-video-player-type': 'h5', 'x-webkit-airplay': 'allow', preload: 'none' };
  Object.entries(attributes).forEach(([name, value]) => video.setAttribute(name, value));
  return video;
}

/** @param listeners by event: always those of the <video> in front, and of no other */
export function createScreen(host: HTMLElement, listeners: Readonly<Record<string, () => void>>): Screen {
  let front = makeVideo();
  let back: HTMLVideoElement | null = null;
  let volume = 1;
  let muted = false;
  const wire = (video: HTMLVideoElement): void => Object.entries(listeners).forEach(([type, listener]) => video.addEventListener(type, listener));
  const unwire = (video: HTMLVideoElement): void => Object.entries(listeners).forEach(([type, listener]) => video.removeEventListener(type, listener));
  host.appendChild(front);
  wire(front);

  const remove = (video: HTMLVideoElement): void => {
    video.muted = true;
    host.removeChild(video);
  };
  return {
    video: () => front,
    behind() {
      if (back === null) {
        back = makeVideo();
        back.muted = true;
        host.appendChild(back); // behind by style: the first child is the one seen
      }
      return back;
    },
    show() {
      if (back === null) return;
      unwire(front);
      // Silence first: for no moment are there two voices.
      remove(front);
      front = back;
      back = null;
      front.volume = volume;
      front.muted = muted;
      wire(front);
    },
    drop() {
      if (back !== null) remove(back);
      back = null;
    },
    setSound(loud, quiet) {
      volume = loud;
      muted = quiet;
      front.volume = volume;
      front.muted = muted;
    },
    dispose() {
      unwire(front);
      if (back !== null) remove(back);
      remove(front);
    },
  };
}
