import { Ajv2020, type AnySchema } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { useServer } from '../support/fixture';
import { publish } from '../support/media';
import { isObject, resolve } from '../support/openapi';
import { waitFor } from '../support/wait';

// What the server says of itself: a sound document, and true of its answers. That it names
// every route and no other is a unit test (test_documents.cpp).

interface Parameter {
  readonly name: string;
  readonly in: string;
}
interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly responses: Readonly<Record<string, unknown>>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

function references(value: unknown): readonly string[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' && typeof inner === 'string' ? [inner] : references(inner)));
}

describe('/api/openapi.yaml', () => {
  const use = useServer();
  let document: Document;
  beforeAll(async () => {
    const response = await fetch(`${use.server.origin}/api/openapi.yaml`);
    expect(response.headers.get('content-type')).toMatch(/^application\/yaml/);
    document = parse(await response.text(), { strict: true, uniqueKeys: true }) as Document;
  });
  const operations = (): readonly (readonly [string, Operation])[] =>
    Object.entries(document.paths).flatMap(([path, methods]) => Object.values(methods).map((operation) => [path, operation] as const));

  it('is OpenAPI whose references lead somewhere and whose operations have names and answers', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    for (const ref of references(document)) expect(resolve(document, ref), ref).toBeDefined();
    const ids = operations().map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [path, { responses }] of operations()) expect(Object.keys(responses).length, path).toBeGreaterThan(0);
  });

  it('declares every parameter of every path, and no other', () => {
    for (const [path, { parameters = [] }] of operations()) {
      const inPath = parameters
        .map((one) => ('$ref' in one ? (resolve(document, one.$ref) as Parameter) : one))
        .filter((one) => one.in === 'path')
        .map((one) => one.name);
      expect(inPath, path).toEqual([...path.matchAll(/\{(.+?)\}/g)].map((match) => match[1]));
    }
  });

  it('is true of the answers', async () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    ajv.addVocabulary(['components']);
    const schemas = resolve(document, '#/components/schemas') as Record<string, AnySchema>;
    const holds = async (name: string, path: string, status = 200): Promise<void> => {
      const response = await fetch(`${use.server.origin}${path}`);
      expect(response.status, path).toBe(status);
      const valid = ajv.compile({ $ref: `#/components/schemas/${name}`, components: { schemas } });
      valid(await response.json());
      expect(valid.errors ?? [], path).toEqual([]);
    };
    const { lesson, link } = await use.newClass('说明书', 'lead');
    const office = await use.server.link(lesson.id, 'office');
    await holds('About', '/api/v1/about');
    await holds('Readiness', '/readyz');
    await holds('Problem', '/api/v1/watch/nothing', 404);
    await holds('Watch', `/api/v1/watch/${link.token}`);
    await holds('Studio', `/api/v1/studio/${link.token}`);
    await holds('Handover', `/api/v1/studio/${link.token}/handover`);
    await holds('Problem', `/api/v1/lessons/${lesson.id}/stats?token=${office.token}`, 404);
    use.keep(publish(lesson.rtmp));
    await use.server.becomes(link.token, 'live');
    await holds('Watch', `/api/v1/watch/${link.token}`);
    const media = async (): Promise<boolean> => (await fetch(`${link.hls}`)).status === 200;
    await waitFor(media, { what: 'first media' });
    await holds('Studio', `/api/v1/studio/${link.token}`);
    await holds('Stats', `/api/v1/lessons/${lesson.id}/stats?token=${office.token}`);
    await holds('Recording', `/api/v1/lessons/${lesson.id}/recording?token=${link.token}`);
    await holds('Problem', new URL(link.hls).pathname.replace('master.m3u8', 'src/media.m3u8?_HLS_part=1'), 400);
  });
});
