import type { Message } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import type { RoutedMethod } from '@quotemaster/contract';
import type { Request } from 'express';
import { cookie, cookieNameAt, header } from './exchange.ts';

/** Sets the fields of a request that come by header or cookie: from there, and from nothing else. They are texts. */
export function setCarriedFields(message: Message, { method, route }: RoutedMethod, request: Request, publicUrl: string): void {
  if (route.carried.length === 0) return;
  const fields = reflect(method.input, message);
  for (const { field, by, name } of route.carried) {
    const value = by === 'header' ? header(request, name.toLowerCase()) : cookie(request, cookieNameAt(publicUrl, name));
    if (value === undefined) fields.clear(field);
    else fields.set(field, value);
  }
}
