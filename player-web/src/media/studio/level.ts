/** Listens to a microphone: how loud it is right now, and how loud one pitch is. */
export interface Ear {
  /** Loudest sample since the last call, 0..1. */
  peak(): number;
  /** Loudness around this frequency, dB. */
  pitch(hertz: number): number;
  dispose(): void;
}

/** Its samples overlap at 60 looks a second, so no knock falls between two of them. */
const kWindow = 2048;

export function listen(track: MediaStreamTrack): Ear {
  const context = new AudioContext();
  // A copy: what pupils do not hear while the teacher is muted still moves her meter.
  const copy = track.clone();
  copy.enabled = true;
  const source = context.createMediaStreamSource(new MediaStream([copy]));
  const analyser = context.createAnalyser();
  analyser.fftSize = kWindow;
  analyser.smoothingTimeConstant = 0;
  source.connect(analyser);
  const samples = new Float32Array(kWindow);
  const spectrum = new Float32Array(analyser.frequencyBinCount);
  // Created before the first tap, a context waits for one.
  const wake = (): void => void context.resume().catch(() => undefined);
  document.addEventListener('pointerdown', wake);
  wake();
  return {
    peak() {
      analyser.getFloatTimeDomainData(samples);
      return samples.reduce((loudest, sample) => Math.max(loudest, Math.abs(sample)), 0);
    },
    pitch(hertz) {
      analyser.getFloatFrequencyData(spectrum);
      const bin = Math.round((hertz / context.sampleRate) * kWindow);
      return spectrum.slice(Math.max(0, bin - 1), bin + 2).reduce((loudest, level) => Math.max(loudest, level), -120);
    },
    dispose() {
      document.removeEventListener('pointerdown', wake);
      source.disconnect();
      copy.stop();
      void context.close();
    },
  };
}

/** A soft test tone from the loudspeaker; returns the way to end it. */
export function playTone(hertz: number): () => void {
  const context = new AudioContext();
  const tone = context.createOscillator();
  const gain = context.createGain();
  tone.frequency.value = hertz;
  gain.gain.setValueAtTime(0, context.currentTime);
  gain.gain.linearRampToValueAtTime(0.12, context.currentTime + 0.1);
  tone.connect(gain).connect(context.destination);
  tone.start();
  return () => {
    tone.stop();
    void context.close();
  };
}
