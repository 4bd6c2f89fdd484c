// Derives, from a list of common passwords, what people make of them to reach fifteen characters. Pure, so that the small list
// that ships comes out the same each time. Its caller is scripts/breached-passwords.ts.

const charactersMin = 15;
const repeatedCharactersMax = 32;
/** So many of the list are lengthened; those behind them are rare, and each one lengthened costs some thirty entries. */
const lengthenedWordsMax = 3000;
const suffixes = ['123', '1234', '12345', '123456', '!', '2024', '2025', '2026'];
const digits = '1234567890';

/** Lines that a hand draws on a keyboard (QWERTY, QWERTZ, AZERTY), along its rows, its columns and by turns; and the alphabet. */
const walks = [
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertyuiop[]asdfghjkl',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  'asdfghjklqwertyuiopzxcvbnm',
  'asdfghjklzxcvbnmqwertyuiop',
  'zxcvbnmasdfghjklqwertyuiop',
  'zxcvbnm,./asdfghjkl',
  'qwertyuiop1234567890',
  'qwertyuiopasdfghjkl1234567890',
  '1234567890qwertyuiopasdfghjklzxcvbnm',
  '1234567890-=qwertyuiop',
  '`1234567890-=qwertyuiop',
  '!@#$%^&*()_+qwertyuiop',
  '!@#$%^&*()1234567890',
  '1234567890!@#$%^&*()',
  'qazwsxedcrfvtgbyhnujmikolp',
  'qazwsxedc123456789',
  'qazxswedcvfrtgbnhyujmkiolp',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/',
  '1qaz2wsx1qaz2wsx1qaz2wsx',
  '1qaz!qaz2wsx@wsx3edc#edc',
  '!qaz2wsx#edc4rfv%tgb6yhn',
  '!qaz@wsx#edc$rfv%tgb^yhn',
  '1qazxsw23edcvfr45tgbnhy67ujm',
  'zaq12wsxcde34rfvbgt56yhn',
  'zaq1xsw2cde3vfr4bgt5nhy6mju7',
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
  '1a2s3d4f5g6h7j8k9l0',
  'a1s2d3f4g5h6j7k8l9',
  '1234qwerasdfzxcv',
  'qwerasdfzxcv1234',
  'qwertasdfgzxcvb12345',
  '12345qwertasdfgzxcvb',
  'qwerty123456789qwerty',
  'qweasdzxc123qweasdzxc',
  '123qweasdzxcrtyfghvbn',
  'qweasdzxcrtyfghvbnuiojklnm',
  'asdfjklasdfjklasdfjkl',
  'asdf;lkjasdf;lkjasdf;lkj',
  'abcdefghijklmnopqrstuvwxyz1234567890',
  'abc123def456ghi789jkl',
  'a1b2c3d4e5f6g7h8i9j0',
  '1a2b3c4d5e6f7g8h9i0j',
  'aabbccddeeffgghhiijj',
  '112233445566778899001122',
  '123456789abcdefghijkl',
];

/** Numbers that people know by heart. */
const numbers = ['314159265358979323846264338327950', '271828182845904523536028747135266', '161803398874989484820458683436563'];
const counted = ['123456789101112131415161718192021', '135791113151719212325', '24681012141618202224', '11235813213455891442'];

/**
 * Gives the words themselves and what is derived from them and from the phrases (words divided by spaces), each once.
 * Words come commonest first; the first 3,000 are lengthened. Everything derived has at least 15 characters.
 */
export function deriveCommonPasswords(words: readonly string[], phrases: readonly string[]): Set<string> {
  const all = new Set(words);
  const derived = [
    ...words.slice(0, lengthenedWordsMax).flatMap(lengthen),
    ...[...walks, ...numbers, ...counted].flatMap(lengthenWalk),
    ...repeatedCharacters(),
    ...digitRuns(),
    ...phrases.flatMap(writePhrase),
  ];
  for (const password of derived) if (Array.from(password).length >= charactersMin) all.add(password);
  return all;
}

/** passwordpassword, PasswordPassword2025, password1234567. */
function lengthen(word: string): string[] {
  return [word, capitalise(word)].flatMap((form) => [
    repeatTo(form, charactersMin),
    ...suffixes.flatMap((suffix) => [repeatTo(form, charactersMin) + suffix, repeatTo(form, charactersMin - suffix.length) + suffix]),
    form + digits.slice(0, Math.max(charactersMin - form.length, 0)),
    form + digits,
  ]);
}

/** Every beginning of a walk that is long enough, there and back, and with what is put behind it. */
function lengthenWalk(walk: string): string[] {
  return [walk, Array.from(walk).reverse().join('')].flatMap((line) =>
    range(charactersMin, line.length).flatMap((length) => {
      const part = line.slice(0, length);
      return [part, capitalise(part), part.toUpperCase(), ...suffixes.map((suffix) => part + suffix)];
    }),
  );
}

function repeatedCharacters(): string[] {
  const printable = range(0x20, 0x7e).map((code) => String.fromCharCode(code));
  const groups = [...range(0, 99).map((n) => String(n).padStart(2, '0')), ...range(0, 999).map((n) => String(n).padStart(3, '0'))];
  return [
    ...printable.flatMap((character) => range(charactersMin, repeatedCharactersMax).map((length) => character.repeat(length))),
    ...groups.flatMap((group) => [15, 16, 18, 20].map((length) => group.repeat(length).slice(0, length))),
    ...range(1900, 2030).map((year) => String(year).repeat(4)),
  ];
}

/** 123456789012345, 987654321098765, 123456789123456789: up and down, from every digit, with the nought and without. */
function digitRuns(): string[] {
  return [digits, '123456789'].flatMap((round) => {
    const up = round.repeat(5);
    return [up, Array.from(up).reverse().join('')].flatMap((line) =>
      range(0, round.length - 1).flatMap((from) =>
        range(charactersMin, repeatedCharactersMax).map((length) => line.slice(from, from + length)),
      ),
    );
  });
}

/** "to be or not to be" as people type it: tobeornottobe, ToBeOrNotToBe, to-be-or-not-to-be, To be or not to be!. */
function writePhrase(phrase: string): string[] {
  const words = phrase.split(' ');
  const joined = words.join('');
  const usual = [joined, phrase, words.map(capitalise).join(''), capitalise(phrase)];
  const rare = [
    ...['-', '_', '.'].map((divider) => words.join(divider)),
    words.map(capitalise).join(' '),
    capitalise(joined),
    joined.toUpperCase(),
  ];
  return [...usual, ...rare, ...usual.flatMap((form) => ['1', '.', ...suffixes].map((suffix) => form + suffix))];
}

/** Repeats a text whole until it has `characters` of them. */
function repeatTo(text: string, characters: number): string {
  return text.repeat(Math.max(1, Math.ceil(characters / Math.max(text.length, 1))));
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The whole numbers from `first` to `last`, both included. */
function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, at) => first + at);
}
