import { lines, pairs } from '../theme.ts';
import type { Theme } from '../theme.ts';

export const truth: Theme = {
  noun: 'truth',
  isVirtue: true,
  shadow: 'flattery',
  bearers: 'the honest',
  stems: [
    'truth',
    'true',
    'honest',
    'lie ',
    'lies',
    'lying',
    'liar',
    'sincer',
    'authentic',
    'integrit',
    'real ',
    'secret',
    'justice',
    'fair ',
    'fairn',
    'trust',
    'transparen',
    'genuin',
    'promise',
    'clarity',
    'believ',
    'meaning',
    'wisdom',
    'fact ',
    'facts',
    'confess',
    'ethic',
    'moral',
    'simpl',
    'philosoph',
    'identity',
    'humil',
  ],
  near: ['courage', 'freedom', 'kindness', 'learning', 'solitude'],
  does: lines(`
    arrives without a hat
    uses the short word
    stands where it can be walked around
    says the price before the dessert
    reads the same in both directions
    leaves the lamp on and the curtain open
    survives being asked twice
    tells the emperor about the weather
    sits at the end of the table and is quoted by everyone`),
  short: lines(`
    stays put
    keeps
    needs less
    waits
    wears plainly`),
  shadowDoes: lines(`
    retouches the mirror
    laughs at the joke before it is told
    sells umbrellas in the desert
    speaks in a soft voice and sends the bill
    agrees with the last person in the room
    puts the small print under the gravy`),
  image: lines(`
    a window washed on both sides
    a plain chair that bears the weight
    a stone you can stub your toe on
    cold water on a hot day
    a mirror in morning light
    a short word in a long meeting
    the bottom of the pond on a still day
    a splinter coming out`),
  act: lines(`
    use the short word
    say what it cost
    wash the window on both sides
    tell it before you are asked
    correct your own story first
    name the elephant and offer it a chair
    sign what you say
    leave out the word "fine"
    look in the mirror before the lamp is flattering`),
  truth: lines(`
    a lie needs a good memory and a true word only a good night
    the plain chair is the one that holds you
    water finds the crack and so does a question
    what is true at breakfast is true at dinner
    you can walk around a fact but you cannot walk through it
    the small print is where the large thing is kept
    a straight answer is the shortest road out of town
    whoever washes the window also sees the street
    the splinter hurts least on the way out`),
  turn: pairs(`
    the truth hurts | so does the splinter, until it is out
    a small lie is harmless | it asks for a larger one by Friday
    everyone has a truth of their own | and everyone has the same stairs
    honesty is rudeness | it can also take off its boots at the door
    flattery costs nothing | you pay for it later, in mirrors
    facts are cold | so is the water you wanted all day`),
  ask: pairs(`
    How do you know it is true? | It is still standing there in the morning
    Why tell the truth? | There is less to remember
    What is the shortest speech? | I was wrong
    What does honesty wear? | Something with pockets, and nothing in them`),
  scene: lines(`
    a child telling the emperor about his clothes
    a mechanic saying that it needed nothing
    a witness pausing to remember it rightly
    a grocer taking the good apple off the top
    a doctor sitting down before she speaks
    a boy confessing to the window and the ball
    a clerk returning a coin across a busy street`),
  place: lines(`
    at the bottom of the pond, on a still day
    on the second asking
    in the short word
    in the mirror, before the lamp
    under the small print
    one sentence after fine`),
  gift: lines(`
    a good night
    a straight road out of town
    one face for every room
    less to remember
    a window you can see the street through
    a handshake that needs no paper`),
  price: lines(`
    a comfortable evening
    the flattering lamp
    some applause
    your second-best story
    the friendship of your mirror`),
  when: lines(`
    when the room laughs too early
    when the answer is longer than the question
    when fine is the easy word
    when the small print is very small
    when everyone nods at once`),
};

export const freedom: Theme = {
  noun: 'freedom',
  isVirtue: false,
  shadow: 'obedience',
  bearers: 'the free',
  stems: [
    'free',
    'libert',
    'cage',
    'prison',
    'independen',
    'escape',
    'wing',
    'fly',
    'flight',
    'bird',
    'choice',
    'choose',
    'open ',
    'road',
    'travel',
    'wander',
    'adventur',
    'journey',
    'explor',
    'sail',
    'wild',
    'rebel',
    'autonom',
    'letting',
    'release',
    'horizon',
    'voyage',
    'trip',
    'democra',
    'simplic',
    'minimal',
    'rights',
  ],
  near: ['courage', 'truth', 'change', 'solitude', 'imagination'],
  does: lines(`
    leaves the gate open behind it
    travels with one bag
    says no without a footnote
    picks its own stairs
    owns less than it can carry in the rain
    asks who hung the lock
    votes, and then sweeps the street
    sleeps with the window open
    sings off the sheet`),
  short: lines(`
    walks out
    travels light
    opens gates
    answers no
    chooses`),
  shadowDoes: lines(`
    asks for a softer leash
    irons the uniform on Sunday
    waits at the red light in an empty desert
    thanks the lock for its concern
    decorates the fence
    hands over the key and asks for a receipt`),
  image: lines(`
    a gate left open in a long fence
    one bag by the door
    a swing at the top of its arc
    a kite that has settled with its string
    a pair of bare feet on a cold beach
    an unmarked Tuesday
    a no without a footnote
    a boat that could turn left`),
  act: lines(`
    say no without a footnote
    leave the gate open
    pack one bag
    turn left for once
    give back the key you never wanted
    ask who hung the lock
    keep one day unmarked
    own less than you can carry
    choose it again, or put it down`),
  truth: lines(`
    a cage with a view is still good at its job
    the lightest bag has the longest road
    every fence was somebody's idea
    a bird does not ask the wind for a timetable
    the door you never try is as locked as any
    a kite flies because something holds it
    nobody is free who cannot say no at dinner
    what you own sends you its bills
    the open gate troubles only the gatekeeper`),
  turn: pairs(`
    freedom is having everything | it is mostly a matter of luggage
    rules keep us safe | ask who is holding the pencil
    freedom is leaving | it is also staying without a lock
    the caged bird is safe | so is a shoe in its box
    free people do as they please | they do what they chose, and then the dishes
    the string holds the kite down | it is the string that holds it up`),
  ask: pairs(`
    What do you pack? | Whatever you could run with
    Who locked the door? | Look in your own pocket first
    How heavy is freedom? | About one bag, and all of the consequences
    What is beyond the fence? | The same grass, without the fence`),
  scene: lines(`
    a woman quitting on a Tuesday, politely
    a horse standing in front of an open gate
    a boy taking both hands off the handlebars
    a man giving away a house full of chairs
    a prisoner learning the names of birds
    a grandmother getting her passport at seventy
    a girl choosing the wrong instrument with joy`),
  place: lines(`
    at the top of the swing
    on the far side of a polite no
    in the second before you choose
    where the fence has a gap
    at the bottom of a small suitcase
    on an unmarked Tuesday`),
  gift: lines(`
    a lighter bag
    a road with your own footprints
    an unlocked Tuesday
    the right to be wrong in your own voice
    a wider sky over the same roof
    a key and no door to go with it`),
  price: lines(`
    the comfort of being told
    a house full of chairs
    someone to blame
    the softer leash
    your place in the queue`),
  when: lines(`
    when the cage has a view
    when yes is only a habit
    when the bag grows heavy
    when someone hands you the pencil
    when the gate has been open for a while`),
};

export const gratitude: Theme = {
  noun: 'gratitude',
  isVirtue: true,
  shadow: 'envy',
  bearers: 'the thankful',
  stems: [
    'grat',
    'thank',
    'appreciat',
    'bless',
    'gift',
    'enough',
    'abundan',
    'generos',
    'content',
    'humble',
    'receiv',
    'harvest',
    'fortun',
    'luck',
    'mentor',
    'anniversary',
    'everyday',
    'ordinary',
    'simpl',
    'small',
    'cherish',
    'envy',
    'jealous',
  ],
  near: ['joy', 'kindness', 'love', 'time', 'friendship'],
  does: lines(`
    counts the apples and not the tree next door
    writes to the teacher thirty years late
    says grace over leftovers
    thanks the bus driver by name
    notices the hot water
    keeps the string from the parcel
    finds the second use of every jar
    reads the list of what did not go wrong
    remembers who held the ladder`),
  short: lines(`
    counts apples
    writes back
    notices
    keeps string
    says grace`),
  shadowDoes: lines(`
    measures the neighbour's hedge
    eats with its eyes on the other plate
    reads the menu after the meal
    counts the candles on someone else's cake
    returns the gift for a larger box
    paces the fence and misses the garden`),
  image: lines(`
    hot water at the turn of a wrist
    a bowl of apples on an ordinary table
    a thank-you card with a coffee ring on it
    the last of the light on the kitchen wall
    a jar kept for its second life
    a ladder someone held
    a loaf on the table and nobody ill
    a slow look around a full table`),
  act: lines(`
    thank the driver by name
    write to the teacher, even late
    count the apples on your own tree
    name three things that did not go wrong
    keep the string from the parcel
    look around the table before you eat
    notice the hot water
    tell them while they can still wave it away
    say grace over the leftovers`),
  truth: lines(`
    the hot water is somebody's work
    nobody climbs a ladder that no one is holding
    enough is a number you choose
    an ordinary day is what the sick dream about
    the grass you water is the grass you have
    half of what you own was once only a wish
    a thank-you is never late, only overdue
    the table is full long before the plates are
    what you count grows more careful of you`),
  turn: pairs(`
    you will be grateful when you have more | look at what you wished for five years ago
    you did it alone | somebody held the ladder
    thanks are a debt | they are the only payment that makes both sides richer
    an ordinary day is nothing | ask anyone in a hospital bed
    happy people give thanks | try it the other way around
    the neighbour has the better tree | he is looking at yours`),
  ask: pairs(`
    How much is enough? | About this table, with everyone at it
    Whom should you thank? | Begin with whoever held the ladder
    What did you forget to want? | Hot water, and you have it
    When is it too late to say it? | After the wave from the window, and not before`),
  scene: lines(`
    an old pupil finding the teacher's address
    a soldier washing his hands in warm water
    a child kissing the bread that fell
    a widow setting out the good plates on a Monday
    a man thanking the surgeon's cleaner
    a family going quiet before the soup
    a bus driver being waved at by a whole class`),
  place: lines(`
    at the turn of the tap
    in the bowl of apples
    at the foot of the ladder
    in the second before the first bite
    at the end of an uneventful day
    in the letter you meant to write`),
  gift: lines(`
    a fuller table with the same plates
    a longer look
    an appetite for the ordinary
    a reason to write the letter
    a better tree on your own side of the fence
    a Monday worth the good plates`),
  price: lines(`
    a stamp and ten minutes
    the view over the neighbour's hedge
    your complaint about the soup
    the story that you did it alone
    one glance up from the plate`),
  when: lines(`
    when the water runs hot
    when everyone is at the table
    when the neighbour's tree looks better
    when nothing went wrong today
    when you find the old list of wishes`),
};

export const joy: Theme = {
  noun: 'joy',
  isVirtue: true,
  shadow: 'seriousness',
  bearers: 'the glad',
  stems: [
    'joy',
    'happ',
    'laugh',
    'smil',
    'fun ',
    'play',
    'delight',
    'cheer',
    'celebrat',
    'party',
    'birthday',
    'humor',
    'humour',
    'dance',
    'dancing',
    'summer',
    'festiv',
    'sunshine',
    'wonder',
    'childhood',
    'holiday',
    'coffee',
    'morning',
    'tea ',
    'chocolate',
    'game',
    'cat ',
    'dog ',
    'pleasur',
    'weekend',
  ],
  near: ['gratitude', 'friendship', 'imagination', 'love', 'freedom'],
  does: lines(`
    comes in through the cat flap
    sings in the shower and again on the stairs
    buys the balloon for no birthday
    eats the cherry first
    jumps in the puddle with its good shoes on
    waves at trains
    dances before the music is plugged in
    tells the joke wrong and laughs anyway
    leaves crumbs on every serious document`),
  short: lines(`
    waves back
    skips
    spills over
    hums loudly
    eats cherries`),
  shadowDoes: lines(`
    irons its handkerchief
    saves the candles for a blackout
    walks around the puddle with a chart
    wants a reason for the balloon
    laughs by appointment
    puts plastic over the good sofa`),
  image: lines(`
    a balloon on an ordinary Wednesday
    a dog with the whole beach
    a wet footprint on the kitchen floor
    a first peach eaten over the sink
    a song sung wrong at full volume
    a swing with somebody's grandmother on it
    laughter in a library
    a kite with an opinion`),
  act: lines(`
    eat the cherry first
    wave at the train
    burn the good candles
    buy the balloon
    jump in the puddle
    sing the verse you do not know
    take the sofa out of its plastic
    dance while the kettle boils
    tell the joke wrong`),
  truth: lines(`
    the good candles burn just like the others, only sooner
    nobody on the train ever regretted waving back
    a puddle is a small lake with no entrance fee
    the dog has read none of it and is right
    delight keeps badly and is best eaten over the sink
    a laugh needs no translation and very little rehearsal
    the peach does not wait for the anniversary
    what you play at, you learn
    every party has its heart in the kitchen`),
  turn: pairs(`
    happiness must be pursued | mostly it follows you home if you leave the door open
    grown people do not skip | that is how they grew
    save the best for last | the peach has other plans
    serious people do important things | the important things were the crumbs
    joy needs a reason | the dog found a stick
    you should act your age | my age is exactly the right one for puddles`),
  ask: pairs(`
    What is the occasion? | Wednesday
    What are the good candles for? | This
    Why is the dog so happy? | You came home, again
    When did you last skip? | The pavement has been asking, too`),
  scene: lines(`
    a grandmother at the top of the swing
    a judge eating ice cream in his robe
    a baby discovering its own feet
    a postman whistling in the rain
    two nuns on a roller coaster
    a dog carrying a stick wider than the door
    a father losing at cards and cheating to lose`),
  place: lines(`
    in the kitchen, in the middle of the party
    at the bottom of the puddle
    over the sink, with a peach
    on an ordinary Wednesday
    one beat before the music
    at the window of a passing train`),
  gift: lines(`
    crumbs on everything
    a tune stuck in the right head
    juice down to the elbow
    a story that begins with a puddle
    wet shoes and no regrets
    a laugh with your name in it`),
  price: lines(`
    a little dignity
    the good shoes
    the candles
    your place in the serious queue
    ten unproductive minutes`),
  when: lines(`
    when the music comes from someone else's window
    when the rain leaves a good puddle
    when the meeting runs over
    when the train goes by
    when the candles have waited long enough`),
};
