import { lines, pairs } from '../theme.ts';
import type { Theme } from '../theme.ts';

export const work: Theme = {
  noun: 'work',
  isVirtue: false,
  shadow: 'busyness',
  bearers: 'good workers',
  stems: [
    'work',
    'job',
    'career',
    'labor',
    'labour',
    'office',
    'business',
    'startup',
    'team',
    'boss',
    'build',
    'craft',
    'effort',
    'deadline',
    'project',
    'profession',
    'produc',
    'engineer',
    'program',
    'code',
    'coding',
    'software',
    'company',
    'entrepreneur',
    'meeting',
    'monday',
    'success',
    'achiev',
    'effect',
    'lead',
    'manage',
    'excellen',
    'focus',
    'priorit',
    'goal',
    'money',
    'colleague',
    'trade',
  ],
  near: ['patience', 'imagination', 'learning', 'rest', 'failure'],
  does: lines(`
    sands the side that faces the wall
    starts with the floor swept
    sharpens the blade before it blames the wood
    leaves the joint tight and the signature small
    fixes the hinge no one reported
    finishes the dull half
    sets out tomorrow's tools at night
    knows where the other glove is
    does one thing until it is done`),
  short: lines(`
    sharpens blades
    finishes
    sweeps up
    measures twice
    begins early`),
  shadowDoes: lines(`
    answers the bell and forgets the bread
    polishes the list
    calls a meeting about the hammer
    carries the same box through every room
    counts hours as if they were planks
    runs in place and asks for a medal`),
  image: lines(`
    a bench with the tools back in their places
    the sanded inside of a drawer
    a nail driven straight in an attic no one visits
    a worn handle that fits one hand
    a loaf set out before the town is awake
    a roof that nobody has to think about
    one clear line at the top of the page
    an apron hung up at the end of the day`),
  act: lines(`
    sharpen the blade first
    do the dull half well
    sweep the floor before you go
    finish one thing before noon
    sand the side that faces the wall
    fix the hinge no one reported
    name the one thing and close the door
    put the tools back warm
    sign it small`),
  truth: lines(`
    the back of the cupboard knows who built it
    a sharp blade is mostly patience kept in a drawer
    a straight nail holds whether or not it is praised
    nobody applauds a roof, and everyone sleeps under one
    the list grows by itself, the table does not
    a thing done well stays out of the way
    the first hour decides who owns the other seven
    pride belongs in the joint and not in the speech
    ten half-built chairs seat no one`),
  turn: pairs(`
    hard work is long work | a sharp saw goes home at five
    talent does it | talent brings the wood, and someone still has to cut it
    busy people get things done | done people are seldom busy
    only the result counts | you live in the doing and only visit the result
    nobody sees the details | everyone feels a door that closes well
    you must love every hour of it | it is enough to love the joint and put up with the glue`),
  ask: pairs(`
    Who checks the side that faces the wall? | You do, every time you walk past it
    When is it finished? | When there is nothing left to hide
    What makes a master? | Ten thousand small decisions not to hurry
    How do you eat an impossible day? | One clean hour first`),
  scene: lines(`
    a baker lighting the oven at four
    a cleaner straightening a picture on her way out
    a carpenter running a thumb along a joint
    a welder signing a seam no one will see
    a clerk finding the missing cent and smiling
    an apprentice sweeping without being told
    a programmer deleting a hundred lines with joy`),
  place: lines(`
    on the side that faces the wall
    in the first quiet hour
    between the sharpening and the cut
    at the bottom of the toolbox
    in the swept corner of the shop
    behind the door with the sign that says later`),
  gift: lines(`
    a door that closes well
    tired hands and a clear head
    something to point at from the train
    a bench in good order
    a trade nobody can take from you
    an evening that has been earned`),
  price: lines(`
    the pleasure of being busy
    a morning of interruptions
    the applause at halftime
    three good excuses
    the longer list`),
  when: lines(`
    when the list has grown a second page
    when the blade begins to tear
    when the bell rings for the fourth time
    when nobody will see the back of it
    when Monday leans on the door`),
};

export const learning: Theme = {
  noun: 'learning',
  isVirtue: false,
  shadow: 'certainty',
  bearers: 'good students',
  stems: [
    'learn',
    'teach',
    'stud',
    'school',
    'lesson',
    'knowledge',
    'wisdom',
    'wise',
    'curio',
    'educat',
    'book',
    'read ',
    'reading',
    'reader',
    'classroom',
    'exam',
    'universit',
    'college',
    'mentor',
    'practice',
    'practis',
    'skill',
    'question',
    'growth',
    'scien',
    'mind',
    'library',
    'understand',
    'child',
    'languag',
    'apprentic',
    'beginner',
    'coach',
    'training',
    'master',
    'mathemat',
  ],
  near: ['patience', 'failure', 'imagination', 'truth', 'work'],
  does: lines(`
    asks the question that empties the room of experts
    borrows a pencil and returns an idea
    reads the footnotes for company
    says "show me" and pulls up a stool
    wears out the eraser first
    changes its mind in front of witnesses
    takes the clock apart and keeps the spring
    walks home the long way, repeating one word
    begins every answer with a pause`),
  short: lines(`
    asks twice
    takes notes
    starts over
    reads on
    pulls threads`),
  shadowDoes: lines(`
    shuts the book at the first nod
    answers before the hand is raised
    dusts its one idea
    underlines what it already knew
    brings a lamp to noon
    grades the question and misses the child`),
  image: lines(`
    a pencil worn down to the name on it
    a stool pulled up to someone else's workbench
    a library card with soft corners
    a window in a wall you had leaned on for years
    a question mark with its sleeves rolled up
    the first word read aloud from a shop sign
    a clock in pieces on a kitchen table
    a map with one honest blank`),
  act: lines(`
    ask the simple question
    read the page that annoyed you
    say "I do not know" and take out a pencil
    pull up a stool beside someone better
    teach it badly once
    leave a blank on the map
    trace the mistake back to its door
    learn one name a day, of birds or of neighbours
    change your mind out loud`),
  truth: lines(`
    the expert is a beginner who kept the receipts
    a good question is a door and a good answer is only a chair
    the blank on the map is the best part of it
    nobody has ever learned a thing while being right about it
    the teacher is the one still taking notes
    every word you know was once a noise
    the page you read twice is reading you
    to be taught is to be trusted with a match
    the stool is low because the bench is worth it`),
  turn: pairs(`
    learning ends with school | that is where the homework becomes interesting
    clever people have answers | they have better questions and softer pencils
    you are too old to start | the piano has never asked for a birth certificate
    knowledge is heavy | it is the only luggage that carries you
    asking shows ignorance | it shows the way out of it
    practice makes perfect | practice makes it yours, which is better`),
  ask: pairs(`
    What do the wise have in common? | They all once asked where the light switch was
    How do you become an expert? | Be wrong in the same place until it gives way
    What is a teacher for? | To stand by the door and leave it open
    Who is the best student in the room? | Usually the one holding the chalk`),
  scene: lines(`
    a grandfather learning fractions from a girl of nine
    a child reading a shop sign aloud for the first time
    a professor writing "I was wrong" on the board
    a plumber explaining water to a boy
    a student thanking the footnote
    a girl asking why until the adults fall silent
    an apprentice holding the chisel the right way at last`),
  place: lines(`
    on the low stool beside the workbench
    at the edge of the map
    in the margin, in pencil
    one question past polite
    between the wrong answer and the second try
    in the back row, under the window`),
  gift: lines(`
    a better question
    a window where the wall was
    new names for the same birds
    a pencil shorter by one idea
    the pleasure of having been wrong
    a lamp you can hand on`),
  price: lines(`
    the comfort of already knowing
    your best old answer
    the last word in an argument
    some pride, in small coins
    an evening of looking foolish`),
  when: lines(`
    when the answer comes too easily
    when someone younger knows better
    when the page makes no sense
    when you are about to nod
    when the room agrees too soon`),
};

export const creativity: Theme = {
  noun: 'imagination',
  isVirtue: true,
  shadow: 'perfection',
  bearers: 'makers',
  stems: [
    'creativ',
    'create',
    'creat',
    'art ',
    'arts',
    'artist',
    'imagin',
    'idea',
    'invent',
    'write',
    'writing',
    'writer',
    'poet',
    'poem',
    'music',
    'paint',
    'draw ',
    'drawing',
    'design',
    'song',
    'novel',
    'story',
    'stories',
    'inspir',
    'dance',
    'photograph',
    'play',
    'theat',
    'innovat',
    'compos',
    'muse',
    'canvas',
    'guitar',
    'piano',
    'jazz',
    'sing ',
    'singing',
    'singer',
    'sings',
  ],
  near: ['work', 'freedom', 'failure', 'joy', 'learning'],
  does: lines(`
    borrows the neighbour's ladder to look at the same moon
    draws the door first and the house around it
    hums before it has a tune
    keeps the wrong blue because it sings
    writes on the back of the bill
    asks the chair what else it could be
    steals only what it can make stranger
    lets the spilled ink finish the picture
    hears a drum in the washing machine`),
  short: lines(`
    doodles
    hums first
    spills ink
    plays on
    draws doors`),
  shadowDoes: lines(`
    sharpens the pencil until there is no pencil
    waits for better light
    erases the bird for flying crooked
    frames the empty page
    rewrites the first line for eleven years
    keeps the good paper for a worthier hand`),
  image: lines(`
    a cardboard box on its way to the moon
    a tune found on the back of an envelope
    a blue that was mixed by mistake
    a door drawn in chalk on a brick wall
    a jar of brushes that have been everywhere
    a pocket full of odd buttons
    the first crooked line on good paper
    a kite made from yesterday's news`),
  act: lines(`
    ruin the first good sheet
    begin with the wrong color
    draw the door and then the house
    write the line you are ashamed of
    steal from the washing machine its drum
    leave the crooked bird in
    make one bad thing before breakfast
    hum until a tune takes pity
    show it to someone while it is wet`),
  truth: lines(`
    the good paper is the paper you use
    a blank page has never hurt anyone who hit it first
    every masterpiece was once in the way of dinner
    the muse keeps office hours and likes to find you in
    the crooked line is the one with a pulse
    nobody dances with a measured step
    a child with a box has never needed the toy
    the song was in the kitchen long before the concert hall
    what you almost threw out is the part they will remember`),
  turn: pairs(`
    you must wait for inspiration | it is waiting for you, and it knows your desk
    art needs talent | first it needs a table and someone to clear it
    everything has been made already | yes, and not by you, and not this morning
    the first line must be perfect | it only has to let the second one in
    play is for children | it is how grown people find the door
    only artists make things | ask anyone who has ever fixed dinner out of nothing`),
  ask: pairs(`
    Where do ideas come from? | Mostly from the chair you had decided not to leave
    What is a blank page? | A polite question
    When is a painting finished? | When it begins to look back at you
    What can you do with a cardboard box? | Ask someone who is five`),
  scene: lines(`
    a girl drawing a door on the garage
    an old man whistling a tune that does not exist yet
    a poet writing on a bus ticket
    a cook naming a soup
    a boy conducting the rain with a spoon
    a painter keeping the accident
    a grandmother sewing a dragon from curtains`),
  place: lines(`
    on the back of the envelope
    in the box the toy came in
    one crooked line past the plan
    under the kitchen table, with crayons
    between the wrong note and the next one
    at the messy end of the desk`),
  gift: lines(`
    a blue nobody has named
    a door where there was brick
    something that was not there at breakfast
    ink on both hands
    a tune to walk home by
    a second use for everything`),
  price: lines(`
    the good paper
    a tidy desk
    the approval of the neat
    a clean shirt
    the first hundred tries`),
  when: lines(`
    when the page is too white
    when the critic in your head clears his throat
    when the good paper looks at you
    when the first line will not come
    when someone says it has been done`),
};
