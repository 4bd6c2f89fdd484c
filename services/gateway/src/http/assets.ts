import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A file that pages of the gateway load. */
export interface Asset {
  readonly name: string;
  readonly root: string;
  /** Where it is served: its content is part of its address. */
  readonly path: string;
}

const viewer = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const own = join(import.meta.dirname, 'assets');

/** Every such file. The viewer's package holds more than we want to show: another page, source maps. */
export const assets: readonly Asset[] = [
  ...['swagger-ui.css', 'swagger-ui-bundle.js'].map((name) => toAsset(viewer, name)),
  ...['docs.js', 'page.css'].map((name) => toAsset(own, name)),
];

/** Where a file is served. @throws Error for a name that is none of theirs. */
export function assetPath(name: string): string {
  const asset = assets.find((candidate) => candidate.name === name);
  if (asset === undefined) throw new Error(`there is no file ${name}`);
  return asset.path;
}

function toAsset(root: string, name: string): Asset {
  const version = createHash('sha256')
    .update(readFileSync(join(root, name)))
    .digest('base64url')
    .slice(0, 16);
  return { name, root, path: `/docs/assets/${version}/${name}` };
}
