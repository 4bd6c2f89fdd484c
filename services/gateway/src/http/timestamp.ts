import { fromJson } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';

/**
 * Tells whether a text is a time that the message can hold: RFC 3339, years 0001 to 9999, a day that the calendar has.
 *
 * The format `date-time` means exactly this here. What ajv-formats takes besides (a space for the T, leap seconds) would be
 * refused later, by a layer that knows no field names.
 */
export function isTimestamp(text: string): boolean {
  const day = text.slice(0, 10);
  try {
    fromJson(TimestampSchema, text);
    // Date rolls 30 February over into March.
    return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
  } catch {
    // Both only say that it is none.
    return false;
  }
}
