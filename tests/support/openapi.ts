import { readFileSync } from 'node:fs';

import { Ajv2020, type AnySchema, type ValidateFunction } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

import { kRoot } from './paths';

export const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** What a "#/…" reference points at. */
export function resolve(document: unknown, ref: string): unknown {
  return ref
    .slice(2)
    .split('/')
    .reduce<unknown>((value, key) => (isObject(value) ? value[key.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined), document);
}

interface Path {
  readonly path: string;
  readonly pattern: RegExp;
  readonly methods: Readonly<Record<string, unknown>>;
}

/** docs/api/openapi.yaml, to hold answers against. */
export class Description {
  readonly #document: unknown = parse(readFileSync(`${kRoot}docs/api/openapi.yaml`, 'utf8'));
  readonly #ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false });
  readonly #paths: readonly Path[];
  readonly #checks = new Map<unknown, ValidateFunction>();

  constructor() {
    this.#ajv.addVocabulary(['components']);
    const paths = resolve(this.#document, '#/paths') as Record<string, Record<string, unknown>>;
    // Words before parameters: /links/renew is not /links/{link}.
    this.#paths = Object.entries(paths)
      .sort(([a], [b]) => a.split('{').length - b.split('{').length)
      .map(([path, methods]) => ({
        path,
        pattern: new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+')}$`),
        methods,
      }));
  }

  /** Every operation there is. */
  operations(): readonly { readonly method: string; readonly path: string }[] {
    const kMethods = ['get', 'post', 'put', 'patch', 'delete'];
    return this.#paths.flatMap(({ path, methods }) => kMethods.filter((method) => method in methods).map((method) => ({ method: method.toUpperCase(), path })));
  }

  /** What the document says against an answer; nothing when it is as described. */
  faults(method: string, path: string, status: number, body: unknown): readonly string[] {
    const [plain = ''] = path.split('?');
    const at = this.#paths.find(({ pattern, methods }) => pattern.test(plain) && method.toLowerCase() in methods);
    if (!at) return [`${method} ${plain} is not described`];
    const answers = resolve(at.methods, `#/${method.toLowerCase()}/responses`);
    const answer = this.#followed(isObject(answers) ? answers[String(status)] : undefined);
    if (answer === undefined) return [`${method} ${plain}: ${status} is not described`];
    const schema = resolve(answer, '#/content/application~1json/schema');
    if (schema === undefined || !isObject(body)) return [];
    const check = this.#checkFor(schema as AnySchema);
    return check(body) ? [] : (check.errors ?? []).map((one) => `${method} ${plain} ${status}: ${one.instancePath} ${one.message}`);
  }

  #followed(value: unknown): unknown {
    return isObject(value) && typeof value['$ref'] === 'string' ? resolve(this.#document, value['$ref']) : value;
  }
  #checkFor(schema: AnySchema): ValidateFunction {
    const known = this.#checks.get(schema);
    if (known) return known;
    const made = this.#ajv.compile({ allOf: [schema], components: { schemas: resolve(this.#document, '#/components/schemas') } });
    this.#checks.set(schema, made);
    return made;
  }
}
