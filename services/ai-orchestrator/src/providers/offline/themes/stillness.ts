import { lines, pairs } from '../theme.ts';
import type { Theme } from '../theme.ts';

export const solitude: Theme = {
  noun: 'solitude',
  isVirtue: false,
  shadow: 'loneliness',
  bearers: 'those at ease alone',
  stems: [
    'solitud',
    'alone',
    'lonel',
    'lonesome',
    'silen',
    'quiet',
    'introvert',
    'hermit',
    'isolat',
    'monk',
    'desert',
    'retreat',
    'stillness',
    'inward',
    'self ',
    'night',
    'midnight',
  ],
  near: ['rest', 'nature', 'truth', 'freedom', 'time'],
  does: lines(`
    sets one cup on the table and means it
    tunes the room by closing a door
    hears the refrigerator stop
    lets the mud settle and the water clear
    reads until the lamp is the only neighbour
    walks at nobody's pace
    finishes a thought that crowds interrupted
    keeps its own company and laughs at its own jokes
    opens the window instead of the phone`),
  short: lines(`
    listens
    clears water
    hums softly
    sits down
    closes doors`),
  shadowDoes: lines(`
    leaves the television on for the voices
    counts the chairs
    rereads the messages from spring
    dials and hangs up
    sets the alarm for someone else's life
    hears a party in every lit window`),
  image: lines(`
    one cup on a clean table
    a lake after the last boat
    a lamp with a single moth
    a coat hung on the back of the only chair
    a bench facing the water
    the hush after snow
    a well with the lid off
    a candle in a room without draught`),
  act: lines(`
    close the door softly
    leave the phone in another room
    walk once around the lake
    drink the tea while it is hot
    let the mud settle
    sit on the bench that faces the water
    write a page that no one will read
    listen until the refrigerator stops
    eat at the table, even alone`),
  truth: lines(`
    muddy water clears when nobody stirs it
    a closed door can be the widest one in the house
    the lake is deepest where no one is rowing
    you cannot hear your own step in a parade
    an empty bench is not a lonely one
    the best company is the one you cannot leave
    silence is a room, and it has windows
    one candle needs no audience
    what you say to yourself is the longest conversation of your life`),
  turn: pairs(`
    being alone is being lonely | the loneliest people are often in the middle of the photograph
    silence is empty | it is only unfurnished
    you must get out more | sometimes you must get in more
    the hermit flees the world | he may be the only one looking at it
    an evening alone is wasted | it is the one evening that nobody else spent
    quiet people have nothing to say | they are waiting for a gap wide enough`),
  ask: pairs(`
    What do you do alone all evening? | Meet someone I had been avoiding
    What does silence sound like? | A refrigerator, then a clock, then you
    Who lights one candle? | Someone who can see by it
    How big is an empty room? | As big as the thought you bring`),
  scene: lines(`
    a man eating soup slowly with a good book
    a woman rowing out just to stop
    a night watchman reading poems between rounds
    a child talking to a beetle at length
    a lighthouse keeper setting the table properly
    a pianist playing for the furniture
    a traveller asking for a table for one and smiling`),
  place: lines(`
    on the bench that faces the water
    in the hour before the house wakes
    between the last guest and the first dish
    at the far end of the pier
    at a table for one, by the window
    where the path is only as wide as you`),
  gift: lines(`
    a thought with its ending still on
    clear water
    your own pace
    an evening nobody else spent
    a voice you had stopped hearing
    a quieter kind of company`),
  price: lines(`
    the last round of gossip
    an invitation or two
    the noise that kept you company
    a seat in the photograph
    somebody's good opinion`),
  when: lines(`
    when every chair is taken
    when the phone hums on the table
    when you have agreed too often
    when the last guest has gone
    when your own voice sounds borrowed`),
};

export const rest: Theme = {
  noun: 'rest',
  isVirtue: false,
  shadow: 'exhaustion',
  bearers: 'the rested',
  stems: [
    'rest ',
    'resting',
    'restful',
    'restless',
    'sleep',
    'tired',
    'exhaust',
    'burnout',
    'pause',
    'break ',
    'relax',
    'peace',
    'calm',
    'seren',
    'slow',
    'night',
    'weekend',
    'sunday',
    'vacation',
    'holiday',
    'evening',
    'stress',
    'overwork',
    'overwhelm',
    'weary',
    'balance',
    'nap ',
    'naps',
    'stillness',
    'breath',
    'sabbath',
    'mindful',
    'quiet',
  ],
  near: ['solitude', 'health', 'work', 'nature', 'time'],
  does: lines(`
    puts the axe down so the tree of the day can stand
    lets the field lie fallow and calls it farming
    unties the boat without going anywhere
    closes the lid on the loudest hour
    takes off its shoes before it takes advice
    hangs the day on a hook
    folds the list in half, and in half again
    counts to ten and forgets why
    gives the string back its slack so that it can sing`),
  short: lines(`
    repairs
    loosens knots
    breathes out
    folds lists
    lies fallow`),
  shadowDoes: lines(`
    saws with a spoon
    mistakes the dashboard light for decoration
    drives past its own exit
    drinks coffee from an empty cup
    salts the tea and stirs it well
    boasts about the hour`),
  image: lines(`
    a field left fallow under rain
    a bow unstrung for the night
    a boat tied to nothing in flat water
    a pair of shoes left at the door
    a kettle taken off the flame
    a hammock with the book fallen open
    the white space around a poem
    a shop sign turned to closed`),
  act: lines(`
    put the axe down
    turn the sign to closed
    lie down before you fall down
    leave the dishes until morning
    loosen the string
    sit in the garden with nothing in your hands
    let one call go unanswered
    take the slow bus
    sleep on it, and then sleep`),
  truth: lines(`
    a bow kept strung forgets how to bend
    the field that lies fallow is working on next year
    music is mostly the manners of silence
    nobody has ever sharpened an axe while swinging it
    the world was turning before you took the handle
    tomorrow is built out of tonight
    even the sea comes in to lie down
    a candle burned at both ends lights two walls and no book
    the tired mind calls every hill a mountain`),
  turn: pairs(`
    rest must be earned | the heart takes it between every two beats
    you can sleep when you are old | the bow breaks younger than that
    stopping is falling behind | the fallow field is ahead by a year
    the busy are important | the sun sets every day and has kept its position
    a break is lost time | it is the time in which you find the rest of it
    doing nothing is easy | try it for ten minutes without reaching for something`),
  ask: pairs(`
    What does the fallow field do? | It is getting next year ready
    When will it be done? | Later, and better, and not tonight
    Who keeps the world going while you sleep? | The same hands as before, and none of them yours
    How do you carry so much? | By setting it down on the hour`),
  scene: lines(`
    a farmer asleep in the shade of his own cart
    a surgeon feeding ducks between two shifts
    a cat occupying the unread report
    a baker napping in the flour dust at noon
    a mother sitting in the parked car for one more song
    a violinist loosening the bow
    a clerk looking out of the window on purpose`),
  place: lines(`
    in the shade of the unfinished work
    between two heartbeats
    on the step, with your shoes off
    in the parked car, after the song
    behind the sign that says closed
    in the white space around the poem`),
  gift: lines(`
    a sharper axe
    a hill that is only a hill again
    a string that can sing
    an honest appetite
    a face your friends recognise
    the second wind`),
  price: lines(`
    an unanswered message
    the sink in its present condition
    the glory of being the last to leave
    a line or two of the list
    your importance until morning`),
  when: lines(`
    when the hill has become a mountain
    when you read the same line three times
    when the second coffee has no effect
    when everything sounds like an order
    when the day has run out and you have not`),
};

export const health: Theme = {
  noun: 'health',
  isVirtue: false,
  shadow: 'neglect',
  bearers: 'the healing',
  stems: [
    'health',
    'heal',
    'body',
    'bodies',
    'illness',
    'sick',
    'cancer',
    'hospital',
    'doctor',
    'nurse',
    'recover',
    'medic',
    'exercise',
    'run ',
    'running',
    'runner',
    'gym',
    'yoga',
    'sport',
    'strong',
    'diet',
    'breath',
    'wellness',
    'therap',
    'surgery',
    'fitness',
    'sober',
    'addict',
    'mental',
    'depress',
    'marathon',
    'athlet',
    'walk',
    'pain ',
    'painful',
    'injur',
  ],
  near: ['rest', 'patience', 'hope', 'gratitude', 'nature'],
  does: lines(`
    takes the stairs and tells no one
    knits in the dark while you complain
    starts with a glass of water
    walks to the corner, and the next day past it
    asks the body before it asks the mirror
    goes to bed in the middle of a good argument
    counts the good breaths
    learns the scar by heart and then forgets it
    opens the window before the medicine`),
  short: lines(`
    mends
    takes stairs
    breathes deep
    returns slowly
    walks on`),
  shadowDoes: lines(`
    borrows sleep at a terrible rate
    eats over the sink
    ignores the rattle and turns up the radio
    saves the good shoes for later
    pays the doctor with birthdays
    calls the limp a habit`),
  image: lines(`
    a walk to the corner after a month of ceilings
    a scar gone pale and polite
    a bowl of soup held in both hands
    a window opened in a sickroom
    the first stair taken without the rail
    a pair of muddy running shoes
    a deep breath that meets no resistance
    a bone knitting in the dark`),
  act: lines(`
    drink the water first
    walk to the corner
    open the window
    take the stairs for once
    ask the body, not the mirror
    go to bed before the argument is over
    make the appointment
    breathe out longer than you breathe in
    eat at the table, sitting down`),
  truth: lines(`
    the body keeps no grudges, only accounts
    a bone heals while you think of something else
    the first walk is the longest, and it ends at the corner
    a scar is a door that was closed properly
    nobody sees the well until the bucket comes up dry
    the lungs have never asked for anything but more of the same
    a well-slept fool decides better than a tired genius
    you live in the only house you cannot move out of
    mending is slow because it is being done properly`),
  turn: pairs(`
    healing goes in a straight line | it takes the stairs, and sits down on every landing
    strength is never being ill | it is also asking for the soup
    the mirror knows | ask your knees instead
    asking for help is weak | nobody has ever set their own leg well
    you are only your illness | you are the one who waters the plants between treatments
    you need a new body | the old one needs a walk`),
  ask: pairs(`
    What does the body want? | Water, a walk and an early night, and it has said so for years
    How far is recovery? | To the corner, and tomorrow past it
    What is a scar? | The place where you were mended
    When did you last breathe out? | Try it now; the rest can wait`),
  scene: lines(`
    a man walking the ward with his drip like a staff
    a woman lacing her shoes after a long winter
    a boy showing off his scar as if he had bought it
    an old couple doing their exercises to the radio
    a patient watering the geranium between two treatments
    a runner cheering the last one in
    a daughter spooning soup and talking about the dog`),
  place: lines(`
    in the first glass of the morning
    at the corner, and the next day past it
    on the landing, between two flights of stairs
    at the bottom of a long breath
    in the bowl held with both hands
    an hour before midnight`),
  gift: lines(`
    a second flight of stairs
    an appetite for breakfast
    a scar you can joke about
    breath for the whole song
    the corner, and the street behind it
    a body that trusts you again`),
  price: lines(`
    the last hour of the party
    a warm bed at six
    the elevator
    an old excuse with good manners
    the second bottle`),
  when: lines(`
    when the stairs look longer than yesterday
    when the body whispers
    when the doctor takes off his glasses
    when the bed argues for ten more minutes
    when the healing pauses on the landing`),
};
