import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';

// The store as a technician has it in hand: saved while lessons go on, put back, looked at.

const use = useServer();

describe('tongke db', () => {
  it('saves what a running server keeps, and brings it back', async () => {
    const { server } = use;
    expect(await server.tongke('demo', 'seed', '--schools', '1')).toMatchObject({ problems: [] });
    const { lesson: kept } = await use.newClass('留下的课');
    const file = join(server.data, 'saved.db');
    expect(await server.tongke('db', 'backup', file)).toEqual({ file });
    expect(existsSync(file)).toBe(true);
    const { lesson: lost } = await use.newClass('后来的课');
    await expect(server.tongke('db', 'restore', file)).rejects.toThrow(/is running|正在运行/);

    await server.stop();
    const noBackup = join(server.data, 'no.db');
    writeFileSync(noBackup, 'nothing of the kind');
    await expect(server.tongke('db', 'restore', noBackup)).rejects.toThrow();
    expect(await server.tongke('db', 'restore', file)).toEqual({ restored: file });
    const { version } = (await server.tongke('db', 'migrate')) as { version: number };
    expect(await server.tongke('db', 'check')).toEqual({ version, problems: [] });

    await server.up();
    const ids = ((await server.tongke('lesson', 'list')) as { id: string }[]).map(({ id }) => id);
    expect(ids).toContain(kept.id);
    expect(ids).not.toContain(lost.id);
  });
});
