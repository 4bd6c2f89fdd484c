import { lines, pairs } from '../theme.ts';
import type { Theme } from '../theme.ts';

export const courage: Theme = {
  noun: 'courage',
  isVirtue: true,
  shadow: 'fear',
  bearers: 'the brave',
  stems: [
    'courag',
    'brave',
    'bold',
    'fear',
    'afraid',
    'dare',
    'daring',
    'risk',
    'hero',
    'scared',
    'confiden',
    'interview',
    'stage',
    'strength',
    'strong',
    'warrior',
    'frighten',
    'nervous',
    'worr',
    'anxi',
  ],
  near: ['hope', 'change', 'truth', 'failure', 'freedom'],
  does: lines(`
    goes in with its knees shaking
    knocks before it feels ready
    says the difficult sentence first
    borrows its voice and gives it back louder
    signs its own name
    stays in the room
    leaves a door open behind it for others
    raises its hand while the question is still forming
    takes the cold water in one breath`),
  short: lines(`
    knocks anyway
    trembles onward
    stays
    answers
    goes first`),
  shadowDoes: lines(`
    counts the locks
    rehearses every ending but the good one
    reads the weather and calls it fate
    speaks in the voice of good sense
    asks for one more day
    measures the fall and forgets the landing`),
  image: lines(`
    a lamp carried down the cellar stairs
    a small voice in a large room
    the first coat taken off in a cold hall
    a hand on a door that might be locked
    an unsteady signature under a true sentence
    a match struck in a draught
    fear that has tied its shoes
    the long walk to the front of the room`),
  act: lines(`
    open the letter
    knock before you feel ready
    say the hard sentence first
    take the seat at the front
    ask the question everyone is avoiding
    walk toward the thing you keep describing
    give your fear a chair, not the keys
    start with your voice still shaking
    send it before you soften it`),
  truth: lines(`
    the first step is always taken by someone afraid
    the door was never as heavy as the hallway was long
    nobody sees the knees of the one who steps forward
    a shaking hand can still turn a key
    most monsters turn out to be coats on a hook
    you will be afraid either way, so you may as well be afraid and moving
    the size of the fear tells you the size of the room behind it
    no one has ever been brave at a comfortable moment
    what you dread for a year takes about four minutes`),
  turn: pairs(`
    brave people do not tremble | they tremble and sign anyway
    you must feel ready before you begin | readiness comes in by the second door, after you have gone through the first
    courage roars | most of the time it clears its throat
    the bold are born bold | they were only tired of the hallway
    fear is a warning to turn back | often it is only the sound a new door makes
    it takes a great heart | it takes ten seconds and a small yes`),
  ask: pairs(`
    What does courage weigh? | About as much as the words you swallowed
    When does fear leave? | Usually a minute after you have gone in without it
    Who gets to be brave? | Whoever is afraid and has somewhere to be
    How do you cross a room like that? | Shaking, and then across`),
  scene: lines(`
    an old man learning to swim
    a child letting go of the rail
    a quiet clerk saying no to the whole table
    a woman reading her first poem to six strangers
    a boy walking back to apologise
    a nurse telling the truth at the foot of the bed
    someone dialling the number they know by heart`),
  place: lines(`
    in the second before the answer
    at the edge of the diving board
    on the far side of an awkward silence
    between the knock and the opened door
    in the throat, just under the excuse
    where the handrail ends`),
  gift: lines(`
    a steadier hand
    a wider room to live in
    a name you can say without lowering your eyes
    one more open door
    a story with you in it
    a quieter heart at night`),
  price: lines(`
    an easy evening
    your good excuse
    the safety of the back row
    the applause of the careful
    a night of good sleep`),
  when: lines(`
    when your voice begins to shake
    when everyone looks at the floor
    when the excuse sounds reasonable
    when the room goes quiet
    when you know the answer and nobody has asked`),
};

export const hope: Theme = {
  noun: 'hope',
  isVirtue: true,
  shadow: 'despair',
  bearers: 'the hopeful',
  stems: [
    'hope',
    'optimis',
    'despair',
    'future',
    'tomorrow',
    'dawn',
    'faith',
    'believ',
    'light',
    'wish',
    'promise',
    'dream',
    'possib',
    'spring',
    'better',
    'dark',
    'inspir',
    'aspir',
    'ambition',
    'goal',
    'vision',
  ],
  near: ['courage', 'patience', 'change', 'nature', 'gratitude'],
  does: lines(`
    sets a place for a guest who is late
    plants bulbs in November
    keeps a coat by the door
    buys seeds with the last coins
    leaves the porch lamp on
    learns the names of birds that have not arrived
    writes the date of next year in the margin
    hears water under the frozen field`),
  short: lines(`
    plants anyway
    stays up
    keeps watch
    hums
    leaves lamps lit`),
  shadowDoes: lines(`
    reads one page and reviews the book
    draws the curtains at noon
    mistakes the tunnel for the world
    counts what is gone and stops there
    argues well and builds nothing
    calls the winter permanent`),
  image: lines(`
    a lit window seen from a long road
    a seed packet in a winter drawer
    the second cup on the table
    a green thing in a cracked pavement
    a ladder leaning on the dark
    the thin grey line that turns into morning
    a coat kept for a child who will grow into it
    a letter with no return address that arrives`),
  act: lines(`
    plant something slower than you
    leave the lamp on
    make the bed of tomorrow tonight
    set one more place at the table
    buy the seeds in January
    write down one thing that could go right
    look east for a while
    mend the gate before the guests are certain
    give the morning a reason to find you`),
  truth: lines(`
    every orchard was once a stubborn person with a spade
    the night has never yet won an argument with the morning
    a seed does its best work where nobody is looking
    the ground is busy long before it is green
    even a small lamp changes the whole shape of a room
    nobody plants a tree with certainty in the other hand
    the tide that went out is the tide that comes in
    winter keeps its promises to the bulbs
    a crack in the wall is also how the light takes measure of the room`),
  turn: pairs(`
    hope is for the lucky | the lucky have no use for it
    hope waits | it has dirt under its nails
    hope is blind | it has seen the worst and still bought seeds
    you need a reason to hope | sometimes you need only a spade
    the dark is the end of the road | it is only where the lamps begin
    hoping is wishing | a wish sits by the window and hope goes out to look`),
  ask: pairs(`
    What does hope live on? | Crumbs, mostly, and the habit of looking up
    Why plant a tree at eighty? | Because shade does not ask who dug
    How long is a night? | Exactly as long as the morning needs
    What can one lamp do? | Ask anyone who was lost`),
  scene: lines(`
    an old woman planting a walnut tree
    a fisherman mending nets in a storm
    a child saving a seat for someone who is late
    a widower buying two tulips
    a farmer ploughing under a doubtful sky
    a nurse opening the curtains
    a town painting its benches in February`),
  place: lines(`
    under the snow, with the bulbs
    in the drawer where the seeds are kept
    at the window that faces east
    one minute past giving up
    in the second cup on the table
    just behind the last reasonable doubt`),
  gift: lines(`
    a reason to set the alarm
    a longer horizon
    one green thing to look after
    a chair pulled closer to the window
    the strength for another Tuesday
    an eye for small lights`),
  price: lines(`
    the comfort of being right about the worst
    a little dignity
    a warm afternoon indoors
    your best cynical joke
    some sleep`),
  when: lines(`
    when the news is bad twice in a row
    when the field looks finished
    when nobody else has lit a lamp
    when the evening comes too early
    when you have counted the losses a second time`),
};

export const patience: Theme = {
  noun: 'patience',
  isVirtue: true,
  shadow: 'hurry',
  bearers: 'the patient',
  stems: [
    'patien',
    'wait ',
    'waiting',
    'waited',
    'waits',
    'slow',
    'persever',
    'persist',
    'endur',
    'steady',
    'hurry',
    'impatien',
    'disciplin',
    'consisten',
    'stamina',
    'resilien',
    'craft',
    'marathon',
    'calm',
  ],
  near: ['time', 'nature', 'learning', 'work', 'hope'],
  does: lines(`
    counts in seasons
    lets the dough decide
    lets the kettle finish its sentence
    lets the river do the carving
    sands with the grain
    sleeps through the loudest part
    reads the same page until it opens
    sits down beside the locked gate and learns its hinges
    waters what it cannot see`),
  short: lines(`
    outlasts stone
    ripens
    keeps watering
    bakes slowly
    wears rivers`),
  shadowDoes: lines(`
    digs up the seed to check on it
    eats the bread while it is still dough
    arrives early at the wrong address
    pulls at the knot until it is a stone
    paints over the damp
    answers before the question has sat down`),
  image: lines(`
    a river with a canyon in mind
    bread under a cloth in a warm corner
    an unripe pear on a windowsill
    a long rope let out hand over hand
    a gardener's empty afternoon
    the quiet half of strength
    a wall that ivy is still reading
    the slow side of the same mountain`),
  act: lines(`
    let the dough rise without lifting the cloth
    wait until the water clears
    do the dull part well
    leave the pear on the windowsill
    put the kettle on before you answer
    loosen the knot instead of pulling it
    read the page once more
    count the rings, not the minutes
    give the glue its night`),
  truth: lines(`
    the oak was never late
    a knot comes loose for the hand that stops pulling
    ripe fruit needs no persuading
    the long way round is where the strength is kept
    water has no edge and the canyon is deep
    nothing grows faster for being stared at
    bread knows when it is done
    most locks are only asking for a slower hand
    an hour of waiting has ruined fewer things than a minute of force`),
  turn: pairs(`
    patience is doing nothing | it is doing the slow thing on purpose
    good things come to those who wait | they come to those who water while they wait
    the slow are left behind | they are only still looking
    time is short, so run | time is short, so do not spend it twice
    waiting is empty time | the dough would disagree
    the patient feel no hurry | they feel it and keep sanding`),
  ask: pairs(`
    How long does an oak take? | Exactly as long as an oak
    What is the river waiting for? | Nothing; it is busy being a canyon
    What did the slow road give you? | The names of everything along it
    When is the bread ready? | When you have stopped asking and the kitchen smells of it`),
  scene: lines(`
    a baker watching nothing happen under a cloth
    a potter throwing the ninth bowl
    a grandmother unpicking a whole sleeve
    a boy waiting for a bird to come to his hand
    a luthier listening to an unglued board
    an angler packing up empty-handed and content
    a teacher asking the same kind question a fifth time`),
  place: lines(`
    in the warm corner where the dough is kept
    between the sowing and the first green
    at the bottom of the second cup of tea
    on the dull middle pages
    at the slow end of the queue
    where the path begins to climb in curves`),
  gift: lines(`
    a sweeter pear
    a joint that holds
    an eye for small progress
    a calmer pair of hands
    work that needs no excuse
    the second half of every story`),
  price: lines(`
    a quick answer
    the thrill of being first
    one restless evening
    the pleasure of pulling
    several good excuses`),
  when: lines(`
    when the knot tightens
    when nothing seems to happen
    when everyone else is already running
    when the middle of the work turns dull
    when the answer is slow to come`),
};
