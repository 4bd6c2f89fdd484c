import { userErrors } from '@quotemaster/contract/user';
import { AppError } from '@quotemaster/errors';
import type { Cursor } from '@quotemaster/postgres';
import type { Context } from '../context.ts';

const pageSizeDefault = 20;

/** A list that is given page by page, newest first. */
interface PagedList<Row, Item> {
  /** Its name: a token of one list is no token of another. */
  readonly list: string;
  /** Whose page it is. */
  readonly userId: string;
  /** Whatever else decides which rows there are, as JSON can hold it. */
  readonly filters?: unknown;
  readonly request: { readonly pageSize?: number | undefined; readonly pageToken?: string | undefined };
  read(cursor: Cursor | undefined, limit: number): Promise<readonly Row[]>;
  cursorOf(row: Row): Cursor;
  toItem(row: Row): Item;
}

/** Reads one page. @throws AppError `user.page_token_invalid` */
export async function readPage<Row, Item>(
  { pageTokens }: Pick<Context, 'pageTokens'>,
  paged: PagedList<Row, Item>,
): Promise<{ items: Item[]; nextPageToken?: string }> {
  const { list, userId, filters = null, request } = paged;
  const scope = { userId, filters: Buffer.from(JSON.stringify([list, filters])) };
  const cursor = request.pageToken === undefined ? undefined : pageTokens.verify(request.pageToken, scope);
  if (request.pageToken !== undefined && cursor === undefined) throw new AppError(userErrors.pageTokenInvalid);
  const pageSize = request.pageSize ?? pageSizeDefault;
  // One row more tells whether there is a next page.
  const rows = await paged.read(cursor, pageSize + 1);
  const shown = rows.slice(0, pageSize);
  const last = shown.at(-1);
  return {
    items: shown.map((row) => paged.toItem(row)),
    ...(last !== undefined && rows.length > pageSize ? { nextPageToken: pageTokens.sign(paged.cursorOf(last), scope) } : {}),
  };
}
