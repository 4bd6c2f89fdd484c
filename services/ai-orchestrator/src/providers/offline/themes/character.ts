import { lines, pairs } from '../theme.ts';
import type { Theme } from '../theme.ts';

export const leadership: Theme = {
  noun: 'leadership',
  isVirtue: true,
  shadow: 'vanity',
  bearers: 'good leaders',
  stems: [
    'lead',
    'boss',
    'manage',
    'captain',
    'ceo',
    'team',
    'crisis',
    'president',
    'founder',
    'mentor',
    'responsib',
    'command',
    'coach',
    'parent',
    'decision',
    'delegat',
    'example',
    'inspire',
    'king ',
    'queen',
    'election',
    'govern',
    'power ',
  ],
  near: ['courage', 'truth', 'work', 'kindness', 'learning'],
  does: lines(`
    eats after everyone has a plate
    carries the lantern and not the trumpet
    asks the newest one first
    takes the blame by the heavy end
    walks the route before it draws the map
    leaves the last word to someone else
    knows who is missing
    rows where everyone can see its back bend
    stands in the doorway until the last one is through`),
  short: lines(`
    eats last
    listens first
    rows too
    counts heads
    carries lanterns`),
  shadowDoes: lines(`
    rides in front and looks in the mirror
    mistakes the echo for agreement
    takes the podium down to the beach
    signs the victory and forwards the defeat
    needs a taller chair
    points at the mountain from the hotel`),
  image: lines(`
    a lantern held low enough for the others
    the last plate at the table
    an oar with worn grips
    a hand on the rope before the order
    a map with other people's handwriting on it
    the slowest hiker set at the front
    a chair pushed back so that someone else can speak
    a first line of footprints in the snow`),
  act: lines(`
    eat last
    ask the newest one first
    hold the lantern low
    put the slowest at the front
    take the heavy end
    count heads before you count miles
    give away the credit while it is warm
    walk the route before you draw it
    say "I was wrong" in the large room`),
  truth: lines(`
    a lantern held too high only lights the one who holds it
    the rope knows who is pulling
    people follow footprints sooner than fingers
    the quietest chair often has the best view
    whoever eats last knows how much soup there was
    a crew rows better for a back than for a drum
    the storm does not read the chart of ranks
    credit grows when it is handed around
    the map belongs to those who got wet`),
  turn: pairs(`
    leaders have followers | good ones have successors
    the strong one shouts | the strong one can be heard in a whisper
    someone must be in front | someone must also know who is missing
    the captain never doubts | the captain doubts at night and rows in the morning
    power is a taller chair | it is the heavier end of the table
    a leader has the answers | a leader has the nerve to ask in public`),
  ask: pairs(`
    Who goes first? | Whoever is willing to come back for the last
    How do you know a leader? | Look at who is still standing when the soup is served
    What is a title worth? | About as much as a hat in a gale
    Where does a leader stand? | In the doorway, until everyone is through`),
  scene: lines(`
    a captain bailing with the others
    a foreman sweeping up after the shift
    a head nurse taking the Christmas night
    a coach learning the name of the substitute's brother
    a guide setting her pace by the youngest
    a conductor lowering the baton to listen
    a mayor filling sandbags in his good suit`),
  place: lines(`
    at the heavy end of the table
    behind the slowest one
    in the doorway, counting heads
    at the end of the soup queue
    in the question asked before the order
    on the wet side of the boat`),
  gift: lines(`
    people who no longer need you
    a crew that rows in the dark
    a path wide enough for the slowest
    someone ready to hold the lantern
    a room in which the newest one speaks
    footprints worth following`),
  price: lines(`
    the first plate
    the last word
    the dry end of the boat
    the credit
    an untroubled night`),
  when: lines(`
    when everyone looks at you
    when the map ends
    when the newest one has stopped talking
    when the blame is looking for a chair
    when the soup is nearly gone`),
};

export const resilience: Theme = {
  noun: 'resilience',
  isVirtue: true,
  shadow: 'defeat',
  bearers: 'those who got up again',
  stems: [
    'resilien',
    'storm',
    'surviv',
    'endur',
    'overcom',
    'hard ',
    'harder',
    'hardship',
    'struggl',
    'advers',
    'tough',
    'strength',
    'strong',
    'persever',
    'persist',
    'grit',
    'recover',
    'rise',
    'rising',
    'hurricane',
    'trouble',
    'challeng',
    'difficult',
    'comeback',
    'crisis',
    'setback',
    'pandemic',
    'obstacle',
    'keep ',
    'battle',
    'fight',
  ],
  near: ['hope', 'courage', 'patience', 'health', 'failure'],
  does: lines(`
    bends to the ground and counts the roots
    hangs the washing out after the flood
    finds the broom before the speech
    builds the second house with the first one's nails
    sings in the cellar until the wind gets bored
    patches the sail with the flag
    gets up once more than the wind
    grows a thicker ring in the dry year
    comes back with mud on its boots and bread under its arm`),
  short: lines(`
    bends
    stands up
    rebuilds
    patches sails
    rows on`),
  shadowDoes: lines(`
    nails the door shut from the inside
    calls the tide a verdict
    counts the broken plates again
    lowers the sail and blames the sea
    sells the ladder for firewood
    speaks of the flood in the present tense`),
  image: lines(`
    a birch bent to the snow and back again
    washing on the line the day after the flood
    a sail patched with a tablecloth
    a weed in the seam of a runway
    the narrow ring of a dry year
    a house built with straightened nails
    a cork that has seen the bottom
    a boot print heading back uphill`),
  act: lines(`
    find the broom
    hang the washing out
    straighten one nail
    patch the sail with whatever you have
    count the roots, not the branches
    get up before you know why
    bake something in the damaged kitchen
    sing in the cellar
    replant the row the hail took`),
  truth: lines(`
    the storm knows only one song and has to breathe, too
    what bends keeps its roots
    the dry year makes the hardest ring
    every harbour was first a place where someone was nearly lost
    the flood took the fence and left the field
    you have outlived every worst day so far
    a patched sail catches the same wind
    the cork does not argue with the wave, it waits for the top of it
    someone always sweeps first, and then there are two brooms`),
  turn: pairs(`
    the strong do not break | they break, and keep the pieces in order
    what falls stays down | ask the grass
    the storm decides | it only decides about the leaves
    you must be hard as stone | the reed was there afterwards, and the wall was not
    it is over | it is only Tuesday, and the broom is in the corner
    scars make you ugly | they make you legible`),
  ask: pairs(`
    What do you do after the flood? | Hang out the washing
    How often can one start over? | As often as bread
    What did the storm leave? | The roots, and a view
    Who sweeps first? | Whoever is the least sure that it will help`),
  scene: lines(`
    a baker opening the morning after the fire
    a girl flying a kite in the tail of the storm
    a farmer replanting the row the hail took
    an old man straightening nails on a doorstep
    a goat on a cliff considering the next ledge
    a woman planting geraniums in a dented bucket
    a village dancing in the half-built hall`),
  place: lines(`
    in the roots, below the weather
    in the broom behind the door
    on the washing line, the day after
    in the narrow ring of the dry year
    at the bottom, where the cork turns
    one breath after the last gust`),
  gift: lines(`
    a house that knows the wind by name
    deeper roots and fewer ornaments
    a box of straightened nails
    a laugh with some gravel in it
    a second broom
    a sail with a story`),
  price: lines(`
    the prettier branches
    the old fence
    a pair of good gloves
    the right to say it was hopeless
    a dry cellar`),
  when: lines(`
    when the wind takes the fence
    when the cellar fills
    when the second letter is worse than the first
    when nobody has picked up a broom
    when the branch has bent to the ground`),
};

export const forgiveness: Theme = {
  noun: 'forgiveness',
  isVirtue: true,
  shadow: 'resentment',
  bearers: 'those who forgive',
  stems: [
    'forgiv',
    'pardon',
    'grudge',
    'resent',
    'apolog',
    'sorry',
    'reconcil',
    'mercy',
    'betray',
    'revenge',
    'anger',
    'angry',
    'quarrel',
    'argument',
    'guilt',
    'blame',
    'conflict',
    'peace',
    'enemy',
    'war ',
    'letting',
    'regret',
    'mend',
    'divorce',
    'hurt',
  ],
  near: ['kindness', 'love', 'truth', 'freedom', 'change'],
  does: lines(`
    puts down the stone it was saving
    leaves the porch light on after the quarrel
    returns the letter unopened to the past
    unlocks the cell and walks out itself
    forgets the date and remembers the person
    sets the third chair back at the table
    pulls the splinter and keeps the hand
    burns the ledger to warm the room
    goes first across the cold kitchen`),
  short: lines(`
    unclenches
    goes first
    burns ledgers
    sets chairs
    opens hands`),
  shadowDoes: lines(`
    sharpens the same old knife
    keeps the receipt in a velvet box
    rehearses the speech in the shower
    drinks the poison and watches the other glass
    waters the nettle by the door
    celebrates the anniversary of the slight`),
  image: lines(`
    a fist that opens on its way down
    a stone set down at the side of the road
    a third chair back at the table
    a ledger burning nicely in the stove
    a bridge with one new plank
    a cup handed across a cold kitchen
    the porch light after the quarrel
    a splinter on the edge of a saucer`),
  act: lines(`
    put the stone down
    open the hand
    set the third chair back
    burn the ledger
    say sorry without the word "but"
    cross the kitchen first
    write the letter you will not need to send
    leave the porch light on
    lay one plank from your side`),
  truth: lines(`
    a clenched hand can neither wave nor be held
    the stone was only ever heavy for the one carrying it
    an old grudge is rent paid on an empty house
    the one who crosses the kitchen first is the taller
    a bridge needs only one side to begin
    you can remember the fire and still come in for supper
    nobody has ever been warmed by being right
    the ledger burns as well as any paper
    an apology with a "but" in it is a door with a chain`),
  turn: pairs(`
    forgiving is forgetting | it is remembering with the hand open
    they must apologise first | a bridge has never asked who laid the first plank
    anger keeps you safe | it keeps you in
    mercy is for the weak | try lifting it
    revenge is sweet | so is the cake, and the cake has friends
    some things are unforgivable | carry them a mile and ask again`),
  ask: pairs(`
    How heavy is an old stone? | A little heavier every year you carry it
    Who goes first? | Whoever misses the other side more
    What happens to the ledger? | It makes a decent fire
    How do you end a quarrel? | With a cup, held out`),
  scene: lines(`
    two brothers repairing the fence they fought over
    a woman setting the third chair back at the table
    a boy sharing the ball with the one who broke the window
    an old man tearing up a small debt
    a daughter calling on a Sunday as if nothing were owed
    two farmers digging one ditch
    a mother leaving the porch light on`),
  place: lines(`
    at the side of the road, beside the stone
    in the middle of the cold kitchen
    on the first plank
    under the porch light
    in the third chair
    one word before but`),
  gift: lines(`
    a free hand
    a bridge with your plank in it
    the room where the stone used to be
    a shorter list of enemies
    a supper with everyone at it
    sleep without rehearsals`),
  price: lines(`
    the last word
    a very good speech
    the ledger
    your seat as the wronged one
    a stone you had become used to`),
  when: lines(`
    when the old speech begins again in the shower
    when the chair has been empty for too long
    when you are right and alone
    when the hand has closed by itself
    when the stone grows heavy`),
};
