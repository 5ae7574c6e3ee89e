import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Running } from './process';
import { waitFor } from './wait';

/** OBS Studio on a display of its own, streaming an empty scene from the moment it is up. */
export class Obs {
  readonly #home = mkdtempSync(join(tmpdir(), 'tongke-obs-'));
  readonly #display: Running;
  #obs: Running | null = null;

  private constructor() {
    // The display names itself on standard output when it is ready.
    this.#display = new Running('Xvfb', ['-displayfd', '1', '-screen', '0', '1280x720x24', '-nolisten', 'tcp']);
  }

  /** @param server, key  as typed into OBS's "custom" service */
  static async streams(server: string, key: string): Promise<Obs> {
    const obs = new Obs();
    try {
      obs.#configure(server, key);
      const display = await waitFor(() => /^\d+\n/.exec(obs.#display.stdout)?.[0].trim(), { what: 'a display' });
      obs.#obs = new Running('obs', ['--startstreaming', '--multi', '--minimize-to-tray', '--profile', 'Test', '--collection', 'Test'], {
        ...process.env,
        DISPLAY: `:${display}`,
        HOME: obs.#home,
        XDG_CONFIG_HOME: join(obs.#home, '.config'),
        XDG_RUNTIME_DIR: obs.#home,
        LIBGL_ALWAYS_SOFTWARE: '1',
      });
    } catch (error) {
      await obs.stop();
      throw error;
    }
    return obs;
  }

  get log(): string {
    return `${this.#obs?.stdout ?? ''}${this.#obs?.stderr ?? ''}`;
  }

  async stop(): Promise<void> {
    await this.#obs?.stop('SIGTERM', 5000);
    await this.#display.stop();
    rmSync(this.#home, { recursive: true, force: true });
  }

  #configure(server: string, key: string): void {
    const config = join(this.#home, '.config/obs-studio');
    const profile = join(config, 'basic/profiles/Test');
    const scenes = join(config, 'basic/scenes');
    for (const folder of [profile, scenes]) mkdirSync(folder, { recursive: true });
    // Without these it asks whether to set itself up.
    writeFileSync(join(config, 'global.ini'), '[General]\nFirstRun=true\nEnableAutoUpdates=false\n[Basic]\nProfile=Test\nProfileDir=Test\nSceneCollection=Test\nSceneCollectionFile=Test\n');
    writeFileSync(
      join(profile, 'basic.ini'),
      '[General]\nName=Test\n[Video]\nBaseCX=640\nBaseCY=360\nOutputCX=640\nOutputCY=360\n[Output]\nMode=Simple\n[SimpleOutput]\nVBitrate=500\nStreamEncoder=x264\nPreset=ultrafast\n',
    );
    writeFileSync(join(profile, 'service.json'), JSON.stringify({ type: 'rtmp_custom', settings: { server, key, use_auth: false } }));
    writeFileSync(
      join(scenes, 'Test.json'),
      JSON.stringify({ name: 'Test', current_scene: 'S', current_program_scene: 'S', scene_order: [{ name: 'S' }], sources: [{ id: 'scene', name: 'S', settings: { items: [] } }] }),
    );
  }
}
