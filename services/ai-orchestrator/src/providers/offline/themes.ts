import { courage, hope, patience } from './themes/inner-strength.ts';
import type { Theme } from './theme.ts';

/** Every theme the composer knows. */
export const themes: readonly Theme[] = [courage, hope, patience];
